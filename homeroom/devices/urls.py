"""The pages of devices."""

from django.urls import path

from homeroom.devices.views import access, case, mine, programmes, resources

app_name = "devices"
urlpatterns = [
    path("devices", resources.devices, name="devices"),
    path("devices/add", resources.add, name="add"),
    path("devices/import", resources.take_in, name="import"),
    path("devices/words", resources.words, name="words"),
    path("devices/<int:pk>", resources.resource, name="resource"),
    path("devices/<int:pk>/lend", resources.lend, name="lend"),
    path("devices/<int:pk>/back", resources.take_back, name="back"),
    path("devices/<int:pk>/loss", resources.loss, name="loss"),
    path("devices/<int:pk>/found", resources.found, name="found"),
    path("devices/<int:pk>/paper", resources.paper, name="paper"),
    path("devices/<int:pk>/use-again", resources.use_again, name="use-again"),
    path("devices/<int:pk>/retire", resources.retire, name="retire"),
    path("device-access", access.access, name="access"),
    path("device-access/ask", access.ask, name="ask"),
    path("device-access/emergency", access.emergency, name="emergency"),
    path("device-access/<int:pk>", case.case, name="case"),
    path("device-access/<int:pk>/answer", case.answer, name="answer"),
    path("device-access/<int:pk>/take-back", case.take_back, name="take-back"),
    path("device-access/<int:pk>/use", case.use, name="use"),
    path("device-access/<int:pk>/end", case.end, name="end"),
    path("device-access/<int:pk>/notice", case.notice, name="notice"),
    path("device-access/<int:pk>/send", case.send, name="send"),
    path("device-access/<int:pk>/not-told", case.unsay, name="unsay"),
    path("device-access/<int:pk>/defer", case.defer, name="defer"),
    path("device-access/<int:pk>/put-off", case.put_off, name="put-off"),
    path("device-access/<int:pk>/look", case.look, name="look"),
    path("device-access/programmes", programmes.programme_list, name="programmes"),
    path("device-access/programmes/add", programmes.programme_add, name="programme-add"),
    path("device-access/programmes/tell", programmes.programme_tell, name="programme-tell"),
    path("device-access/programmes/<int:pk>/review", programmes.programme_review, name="programme-review"),
    path("device-access/suspicions", programmes.suspicions, name="suspicions"),
    path("device-access/suspicions/add", programmes.suspicion_add, name="suspicion-add"),
    path("device-access/suspicions/<int:pk>", programmes.suspicion_answer, name="suspicion"),
    path("device-access/findings", programmes.findings, name="findings"),
    path("device-access/findings/<int:pk>", programmes.finding_answer, name="finding"),
    path("device-access/discoveries", programmes.discoveries, name="discoveries"),
    path("device-access/discoveries/add", programmes.discovery_add, name="discovery-add"),
    path("my-devices", mine.mine, name="mine"),
    path("my-devices/<int:pk>/accept", mine.accept, name="accept"),
]
