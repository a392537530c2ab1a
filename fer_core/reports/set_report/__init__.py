"""One self-contained HTML file about models on a set of labelled faces: works offline, prints."""

from fer_core.reports.set_report.report import html_report

__all__ = ["html_report"]
