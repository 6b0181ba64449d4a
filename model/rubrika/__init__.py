"""Tag Russian news articles with themes, and show the words that made every tag.

>>> import rubrika
>>> tagger = rubrika.load()
>>> tagger.tag("АвтоВАЗ запустил сварочную линию для кузовов новой модели.").themes
('automotive', 'industry')
"""

from rubrika.bundle import load
from rubrika.decision import Status, Tag
from rubrika.errors import RubrikaError
from rubrika.tagger import Tagged, Tagger
from rubrika.themes import Theme

__version__ = "0.1.0"
__all__ = ["RubrikaError", "Status", "Tag", "Tagged", "Tagger", "Theme", "load"]
