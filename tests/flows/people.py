"""People at a browser without script: they open pages, fill in the forms that stand there, and read their mail."""

import re
from email import policy
from email.parser import BytesParser

from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from community.models import Envelope
from portal.celery import app
from portal.schedule import schedule


def sweep(times: int = 2) -> None:
    """Let every periodic job of the schedule run, as beat does. No message of the broker is needed."""
    app.loader.import_default_modules()
    for _ in range(times):
        for job in schedule().values():
            app.tasks[job["task"]]()


class Person:
    """Somebody with a browser and a mailbox. ``page`` is what the browser shows."""

    def __init__(self, email: str = "") -> None:
        self.email = email
        self.client = Client()
        self.page = BeautifulSoup("", "html.parser")
        self.response: HttpResponse | None = None

    def _show(self, response: HttpResponse) -> "Person":
        assert response.status_code < 500, response.content[:2000]
        self.response = response
        self.page = BeautifulSoup(response.content, "html.parser")
        return self

    def open(self, address: str, **query) -> "Person":
        """Open an address and follow where it leads."""
        return self._show(self.client.get(address, query, follow=True))

    def sees(self, words: str) -> bool:
        """Return whether the words stand on the page."""
        return words in " ".join(self.page.get_text(" ").split())

    def send(self, having: str, **filled) -> "Person":
        """Fill in and send the form that has a field or button named ``having``, as it stands on the page."""
        form = next(form for form in self.page.find_all("form") if form.find(attrs={"name": having}))
        data = self._as_it_stands(form)
        for name, value in filled.items():
            assert form.find(attrs={"name": name}), f"the form has no field {name}"
            data[name] = value
        address = form.get("action") or self.response.request["PATH_INFO"]
        return self._show(self.client.post(address, data, follow=True))

    def press(self, words: str) -> "Person":
        """Press the button that says ``words``."""
        button = next(each for each in self.page.find_all("button") if words in each.get_text(" "))
        form = button.find_parent("form") or self.page.find("form", id=button.get("form"))
        data = self._as_it_stands(form)
        if button.get("name"):
            data[button["name"]] = button.get("value", "")
        address = button.get("formaction") or form.get("action") or self.response.request["PATH_INFO"]
        return self._show(self.client.post(address, data, follow=True))

    @staticmethod
    def _as_it_stands(form) -> dict:
        data: dict = {}
        for field in form.find_all(["input", "textarea", "select"]):
            name, kind = field.get("name"), field.get("type")
            if (
                not name
                or kind in ("submit", "button")
                or (kind in ("checkbox", "radio") and not field.has_attr("checked"))
            ):
                continue
            if field.name == "select":
                chosen = [option.get("value", "") for option in field.find_all("option", selected=True)]
                first = field.find("option")
                values = chosen or ([first.get("value", "")] if first and not field.has_attr("multiple") else [])
            else:
                values = [field.get_text() if field.name == "textarea" else field.get("value", "")]
            for value in values:
                data.setdefault(name, []).append(value)
        return data

    def mails(self) -> list:
        """Return the mails that were handed over to this person, oldest first."""
        sent = Envelope.objects.filter(address=self.email, state="sent").order_by("pk")
        return [BytesParser(policy=policy.default).parsebytes(bytes(each.message)) for each in sent]

    def link_in_last_mail(self, part: str) -> str:
        """Return the path of the link in the newest mail that contains ``part``."""
        text = self.mails()[-1].get_body(("plain",)).get_content()
        found = re.search(rf"https?://[^\s/]+(\S*{re.escape(part)}\S*)", text)
        assert found, text
        return found.group(1)
