"""From what a person named to a plan with files, sizes and licence: asks the site, fetches nothing."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from pipelines.library.downloads.addresses import CivitaiSource, HubSource, Source, WebSource
from pipelines.library.downloads.errors import DownloadError, KeyNeededError
from pipelines.library.downloads.file_names import is_model_file, name_from_answer, safe_name
from pipelines.library.downloads.keys import Keys, Site
from pipelines.library.downloads.plan import Licence, Plan, RemoteFile
from pipelines.library.downloads.sources_civitai import plan_from_civitai
from pipelines.library.downloads.sources_hub import kind_folder, plan_from_hub
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http


def make_plan(source: Source, http: Http, keys: Keys, stop: Stop | None = None) -> Plan:
    """What that download would bring. Blocks while the site answers; any thread.

    Raises KeyNeededError, ChoiceNeededError, StoppedError and DownloadError.
    """
    stop = stop or Stop()
    site = Site.NONE
    try:
        if isinstance(source, HubSource):
            site = Site.HUGGING_FACE
            return plan_from_hub(source, http, stop, keys.get(site))
        if isinstance(source, CivitaiSource):
            site = Site.CIVITAI
            return plan_from_civitai(source, http, stop, keys.get(site))
    except KeyNeededError as error:
        error.site = error.site or site.value
        raise
    return _plan_from_web(source, http, stop)


def _plan_from_web(source: WebSource, http: Http, stop: Stop) -> Plan:
    """Any address: its head says the name and the size; its body is not read."""
    with http.get(source.url, stop) as answer:
        name = name_from_answer(answer.headers, source.url)
        if not is_model_file(name):
            name = safe_name(unquote(urlsplit(answer.url).path))
        if answer.headers.get_content_type() == "text/html" or not is_model_file(name):
            raise DownloadError(
                f"There is no model file at this address of {answer.host}: models end with .safetensors, .gguf, .ckpt, "
                ".pt or .pth. Use the address of the file itself, not of its page."
            )
        length = str(answer.headers.get("Content-Length", ""))
    size = int(length) if length.isdecimal() and len(length) < 18 else None
    host = urlsplit(source.url).hostname or ""
    file = RemoteFile(source.url, name, size)
    plan = Plan(title=f"{name} · {host}", files=(file,), folder=kind_folder(name), licence=Licence())
    plan.check()
    return plan
