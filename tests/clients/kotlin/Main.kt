// openapi-generator's `kotlin` with Gson, otherwise with default settings.

import com.google.gson.JsonParser
import com.sun.net.httpserver.HttpServer
import java.io.File
import java.net.InetSocketAddress
import java.net.URI
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.system.exitProcess
import org.openapitools.client.apis.*
import org.openapitools.client.infrastructure.*
import org.openapitools.client.models.*

val BASE: String = System.getenv("HELPDESK") ?: "http://127.0.0.1:8080"
val MESSAGES = LinkedBlockingQueue<String>()

fun tokenOf(name: String): String =
    AuthApi(BASE).authLogin(Login("$name@helpdesk.example", "Demo-2026-portal")).accessToken

fun <T : ApiClient> T.by(token: String): T = apply { accessTokenProvider = { token } }

fun receiver(): String {
    val server = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
    server.createContext("/hook") {
        MESSAGES.add(it.requestBody.readAllBytes().decodeToString())
        it.sendResponseHeaders(200, -1)
        it.close()
    }
    server.start()
    return "http://127.0.0.1:${server.address.port}/hook"
}

/** The next message of a type; it may be on its way. */
inline fun <reified T> message(type: String): T {
    while (true) {
        val text = MESSAGES.poll(10, TimeUnit.SECONDS) ?: error("no $type came")
        if (JsonParser.parseString(text).asJsonObject["type"].asString == type) {
            return Serializer.gson.fromJson(text, T::class.java)
        }
    }
}

fun doTheJob() {
    val (customer, engineer, admin) = listOf("customer", "engineer", "admin").map(::tokenOf)
    val now = System.nanoTime()
    println("signed in as " + MeApi(BASE).by(customer).meGet().name)

    val webhooks = WebhooksApi(BASE).by(admin)
    val hook = webhooks.webhooksCreate(WebhookCreate(URI(receiver())))
    webhooks.webhooksTest(hook.id)
    println("pinged webhook " + message<PingMessage>("webhook.ping").data.webhookId)

    val file = File.createTempFile("gateway", ".log")
    file.writeText("log of the gateway")
    val upload = UploadsApi(BASE).by(customer).uploadsCreate(file)
    file.delete()
    println("uploaded ${upload.filename} ${upload.propertySize}")

    val project = ProjectsApi(BASE).by(customer).projectsList().items.first()
    val request = TicketCreate(
        description = "Since $now subscribers hear us, we do not hear them.",
        projectId = project.id,
        subject = "No sound, Kotlin $now",
        tracker = Tracker.bug,
        priority = Priority.high,
        productName = "SMG-1016M",
        steps = "Password: 12345",
        attachments = listOf(AttachmentCreate(upload.id)),
    )
    val filed = TicketsApi(BASE).by(customer).ticketsCreate(request, "kotlin-$now")
    println("filed ${filed.id} with ${filed.hints.size} hints")

    val attachments = AttachmentsApi(BASE).by(engineer)
    val content = attachments.attachmentsDownload(attachments.attachmentsList(filed.id).items.first().id)
    check(content.readText() == "log of the gateway")
    println("downloaded $content")

    val tickets = TicketsApi(BASE).by(engineer)
    val taken = tickets.ticketsTransition(filed.id, TransitionCreate(Status.in_progress))
    val question = CommentCreate("Please send a dump of port 1.")
    val comment = CommentsApi(BASE).by(engineer).commentsCreate(filed.id, question)
    println("taken: ${taken.status} comment ${comment.id} ${comment.createdAt}")

    val both = listOf(StatusFilter.STATUS_FILTER_IN_PROGRESS, StatusFilter.STATUS_FILTER_FEEDBACK)
    val page = tickets.ticketsList(status = both, limit = 5)
    check(page.items.all { it.status == Status.in_progress || it.status == Status.feedback })
    println("listed ${page.items.size}")

    val expand = listOf(Expansion.EXPANSION_COMMENTS, Expansion.EXPANSION_HISTORY)
    val ticket = tickets.ticketsGet(filed.id, expand)
    check(ticket.comments!!.map { it.id } == listOf(comment.id))
    println("expanded ${ticket.comments.size} comment, ${ticket.history!!.size} events")

    val redaction = TicketRedaction(TicketText.TICKET_TEXT_STEPS, "It was a password.")
    TicketsApi(BASE).by(admin).ticketsRedact(filed.id, redaction)
    val history = tickets.ticketsHistoryList(filed.id).items
    val redacted = history.first { it.type == "ticket.redacted" }
    println("history ${history.size} redacted ${redacted.changes["steps"]}")

    val settings = SettingsApi(BASE).by(admin)
    val sla = Serializer.gson.toJson(settings.settingsSlaGet())
    val wanted = Serializer.gson.fromJson(sla, Sla::class.java)
    val days = if (6 in wanted.reminderDays) setOf(14, 3) else setOf(14, 6, 3)
    settings.settingsSlaUpdate(wanted.copy(reminderDays = days))
    val entries = AuditApi(BASE).by(admin).auditLogList().items
    println("audit " + entries.first { it.action == "settings_sla_update" }.changes!!["reminder_days"])

    val feed = EventsApi(BASE).by(engineer).eventsList(ticketId = filed.id).items.map { it.type }
    check(feed.first() == "ticket.created")
    println("feed $feed")

    val event = message<EventMessage>("ticket.created")
    check(event.data.ticketId == filed.id)
    println("event ${event.type} ${event.data.ticketId}")
    try {
        TicketsApi(BASE).by(customer).ticketsTransition(filed.id, TransitionCreate(Status.closed))
        error("the move was not refused")
    } catch (refused: ClientException) {
        val body = (refused.response as ClientError<*>).body as String
        val problem = Serializer.gson.fromJson(body, Problem::class.java)
        check(problem.code == "transition_not_allowed")
        println("refused ${refused.statusCode} ${problem.code} ${problem.allowed}")
    }
}

fun main() {
    try {
        doTheJob()
        exitProcess(0)
    } catch (failed: Throwable) {
        failed.printStackTrace()
        exitProcess(1)
    }
}
