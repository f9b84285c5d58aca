"""What is known: vocabularies, registries, pages and reference lists."""

from .articles import BestPracticePage, CaseStudyPage, SolutionPage
from .centres import ResourceCentre
from .clusters import Cluster
from .imports import ImportedRecord
from .initiatives import Initiative
from .institutions import Institution, Officer
from .pages import (
    BestPracticeIndexPage,
    CaseStudyIndexPage,
    HomePage,
    InfoPage,
    KnowledgePage,
    SolutionIndexPage,
)
from .reference import Definition, FrequentQuestion, GlossaryTerm, Link, Publication, Statistic
from .schemes import Scheme, SchemeUpdate
from .terms import ClusterType, ReferenceTerm, Sector, SourceDocument, Stage, State, Theme
from .workflows import SecondPersonTask

__all__ = [
    "BestPracticeIndexPage",
    "BestPracticePage",
    "CaseStudyIndexPage",
    "CaseStudyPage",
    "Cluster",
    "ClusterType",
    "Definition",
    "FrequentQuestion",
    "GlossaryTerm",
    "HomePage",
    "ImportedRecord",
    "InfoPage",
    "Initiative",
    "Institution",
    "KnowledgePage",
    "Link",
    "Officer",
    "Publication",
    "ReferenceTerm",
    "ResourceCentre",
    "Scheme",
    "SchemeUpdate",
    "SecondPersonTask",
    "Sector",
    "SolutionIndexPage",
    "SolutionPage",
    "SourceDocument",
    "Stage",
    "State",
    "Statistic",
    "Theme",
]
