"""How every form is drawn: an error summary, then each field with its label, its hint and what is wrong with it."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
