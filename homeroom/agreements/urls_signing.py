"""The pages of signing, of the kiosk and of paper; `agreements.urls` takes them in."""

from django.urls import path

from homeroom.agreements.views import kiosk, papers, signing, students

urlpatterns = [
    path("sign", signing.start, name="sign"),
    path("sign/how", signing.consent, name="sign-consent"),
    path("sign/paper", signing.on_paper, name="sign-paper"),
    path("sign/<int:pk>", signing.place, name="sign-place"),
    path("sign/<int:pk>/decline", signing.decline, name="sign-decline"),
    path("sign/done/<uuid:pk>", signing.done, name="sign-done"),
    path("sign/done/<uuid:pk>/receipt.pdf", signing.receipt, name="sign-receipt"),
    path("sign/class/<str:group>", students.sign_class, name="sign-class"),
    path("sign/<int:pk>/assent", students.assent, name="assent"),
    path("kiosk", kiosk.kiosk, name="kiosk"),
    path("kiosk/leave", kiosk.leave, name="kiosk-leave"),
    path("kiosk/open/<str:person>", kiosk.open_, name="kiosk-open"),
    path("kiosk/sign", kiosk.start, name="kiosk-sign"),
    path("kiosk/sign/how", kiosk.consent, name="kiosk-sign-consent"),
    path("kiosk/sign/paper", kiosk.on_paper, name="kiosk-sign-paper"),
    path("kiosk/sign/<int:pk>", kiosk.place, name="kiosk-sign-place"),
    path("kiosk/sign/<int:pk>/decline", kiosk.decline, name="kiosk-sign-decline"),
    path("kiosk/sign/done/<uuid:pk>", kiosk.done, name="kiosk-sign-done"),
    path("kiosk/sign/done/<uuid:pk>/receipt.pdf", kiosk.receipt, name="kiosk-sign-receipt"),
    path("verify", papers.verify, name="verify"),
    path("papers", papers.desk, name="papers"),
    path("papers/print", papers.print_class, name="print-class"),
    path("papers/print/<int:pk>.pdf", papers.print_one, name="print"),
    path("papers/sheet", papers.sheet, name="sheet"),
    path("papers/scans/<int:pk>", papers.scan, name="scan"),
    path("papers/scans/<str:digest>/<int:number>.png", papers.page_of, name="scan-page"),
    path("papers/check/<int:pk>", papers.check, name="check"),
    path("papers/of/<int:pk>", papers.sealed, name="sealed"),
    path("papers/of/<int:pk>/<int:sheet>.pdf", papers.sealed_pdf, name="sealed-pdf"),
    path("paper/<str:code>", papers.by_code, name="by-code"),
]
