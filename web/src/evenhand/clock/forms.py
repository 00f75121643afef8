from django import forms
from django.utils.translation import gettext_lazy as _


class HolidayForm(forms.Form):
    day = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Add only bank holidays by law or proclamation, not days on which your offices are closed."),
    )
    name = forms.CharField(label=_("Name of the bank holiday"), max_length=100)
