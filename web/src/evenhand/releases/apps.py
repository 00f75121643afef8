from evenhand.modules.config import ModuleConfig


class ReleasesConfig(ModuleConfig):
    name = "evenhand.releases"
    verbose_name = "Publications"
