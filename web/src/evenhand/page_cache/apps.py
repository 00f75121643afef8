from evenhand.modules.config import ModuleConfig


class PageCacheConfig(ModuleConfig):
    name = "evenhand.page_cache"
    verbose_name = "Cache of public pages"
