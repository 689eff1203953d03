// openapi-generator's `java` with its native library, with default settings.

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.AttachmentsApi;
import org.openapitools.client.api.AuditApi;
import org.openapitools.client.api.AuthApi;
import org.openapitools.client.api.CommentsApi;
import org.openapitools.client.api.EventsApi;
import org.openapitools.client.api.MeApi;
import org.openapitools.client.api.ProjectsApi;
import org.openapitools.client.api.SettingsApi;
import org.openapitools.client.api.TicketsApi;
import org.openapitools.client.api.UploadsApi;
import org.openapitools.client.api.WebhooksApi;
import org.openapitools.client.model.*;

public class Main {
  static final String BASE = System.getenv().getOrDefault("HELPDESK", "http://127.0.0.1:8080");
  static final Queue<WebhookMessage> MESSAGES = new ConcurrentLinkedQueue<>();

  static ApiClient anonymous() {
    ApiClient client = new ApiClient();
    client.updateBaseUri(BASE);
    return client;
  }

  static ApiClient signedIn(String name) throws ApiException {
    Login login = new Login().email(name + "@helpdesk.example").password("Demo-2026-portal");
    String token = new AuthApi(anonymous()).authLogin(login, null).getAccessToken();
    ApiClient client = anonymous();
    client.setRequestInterceptor(it -> it.header("Authorization", "Bearer " + token));
    return client;
  }

  static HttpServer receiver() throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/hook", exchange -> {
      try (exchange) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        MESSAGES.add(anonymous().getObjectMapper().readValue(body, WebhookMessage.class));
        exchange.sendResponseHeaders(200, -1);
      } catch (Exception failed) {
        failed.printStackTrace();
      }
    });
    server.start();
    return server;
  }

  static <T> T message(Class<T> kind, java.util.function.Predicate<T> isIt) throws Exception {
    for (int attempt = 0; attempt < 100; attempt++) {
      for (WebhookMessage it : MESSAGES) {
        Object actual = it.getActualInstance();
        if (kind.isInstance(actual) && isIt.test(kind.cast(actual))) return kind.cast(actual);
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("no " + kind.getSimpleName() + " came");
  }

  static void expect(boolean holds, String failure) {
    if (!holds) throw new IllegalStateException(failure);
  }

  public static void main(String[] args) {
    try {
      doTheJob();
      System.exit(0);
    } catch (Exception failed) {
      failed.printStackTrace();
      System.exit(1);
    }
  }

  static void doTheJob() throws Exception {
    ApiClient customer = signedIn("customer");
    ApiClient engineer = signedIn("engineer");
    ApiClient admin = signedIn("admin");
    System.out.println("signed in as " + new MeApi(customer).meGet(null, null).getName());

    HttpServer server = receiver();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    WebhooksApi webhooks = new WebhooksApi(admin);
    long hook =
        webhooks.webhooksCreate(new WebhookCreate().url(java.net.URI.create(url)), null).getId();
    webhooks.webhooksTest(hook, null, null);
    PingMessage ping = message(PingMessage.class, it -> true);
    System.out.println("pinged webhook " + ping.getData().getWebhookId());

    File file = File.createTempFile("gateway", ".log");
    Files.writeString(file.toPath(), "log of the gateway");
    Upload upload = new UploadsApi(customer).uploadsCreate(file, null, null);
    System.out.println("uploaded " + upload.getFilename() + " " + upload.getSize());

    long project = new ProjectsApi(customer).projectsList(null, null, null, null, null, null, null, null)
        .getItems().get(0).getId();
    TicketsApi tickets = new TicketsApi(engineer);
    TicketCreate request = new TicketCreate()
        .projectId(project).tracker(Tracker.BUG).priority(Priority.HIGH)
        .subject("No sound, Java " + System.nanoTime())
        .description("Since " + new java.util.Date() + " we do not hear our subscribers.")
        .productName("SMG-1016M").steps("Password: 12345")
        .attachments(List.of(new AttachmentCreate().uploadId(upload.getId())));
    TicketCreated filed =
        new TicketsApi(customer).ticketsCreate(request, "java-" + System.nanoTime(), null);
    System.out.println("filed " + filed.getId() + " with " + filed.getHints().size() + " hints");

    long attachment = new AttachmentsApi(engineer).attachmentsList(filed.getId(), null, null, null, null)
        .getItems().get(0).getId();
    File content = new AttachmentsApi(engineer)
        .attachmentsDownload(attachment, null, null, null, null, null);
    expect(Files.readString(content.toPath()).equals("log of the gateway"), "the file differs");
    System.out.println("downloaded " + content);

    TransitionCreate taking = new TransitionCreate().to(Status.IN_PROGRESS);
    Ticket taken = tickets.ticketsTransition(filed.getId(), taking, null, null, null);
    CommentCreate said = new CommentCreate().body("Please send a dump of port 1.");
    CommentCreated comment =
        new CommentsApi(engineer).commentsCreate(filed.getId(), said, null, null, null);
    System.out.println("taken: " + taken.getStatus() + " comment " + comment.getId() + " "
        + comment.getCreatedAt());

    List<StatusFilter> both = List.of(StatusFilter.STATUS_FILTER_IN_PROGRESS, StatusFilter.STATUS_FILTER_FEEDBACK);
    TicketPage page = tickets.ticketsList(both, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, 5L, null, null, null);
    expect(page.getItems().stream().map(ListedTicket::getStatus)
        .allMatch(it -> it == Status.IN_PROGRESS || it == Status.FEEDBACK), "the list is wrong");
    System.out.println("listed " + page.getItems().size());

    List<Expansion> expand = List.of(Expansion.EXPANSION_COMMENTS, Expansion.EXPANSION_HISTORY);
    ExpandedTicket ticket = tickets.ticketsGet(filed.getId(), expand, null, null, null);
    expect(ticket.getComments().get(0).getId().equals(comment.getId()), "no comment");
    System.out.println("expanded " + ticket.getComments().size() + " comment, "
        + ticket.getHistory().size() + " events");

    TicketRedaction redaction =
        new TicketRedaction().field(TicketText.TICKET_TEXT_STEPS).reason("It was a password.");
    new TicketsApi(admin).ticketsRedact(filed.getId(), redaction, null, null);
    List<Event> history =
        tickets.ticketsHistoryList(filed.getId(), null, null, null, null, null, null).getItems();
    Event redacted = history.stream()
        .filter(it -> it.getType().equals("ticket.redacted")).findFirst().orElseThrow();
    Change steps = redacted.getChanges().get("steps");
    System.out.println("history " + history.size() + " redacted " + steps.getFrom() + " "
        + steps.getTo());

    SettingsApi settings = new SettingsApi(admin);
    SlaSettings sla = settings.settingsSlaGet(null, null);
    Sla wanted = admin.getObjectMapper().convertValue(sla, Sla.class);
    Set<Integer> days = sla.getReminderDays().contains(9) ? Set.of(14, 3) : Set.of(14, 9, 3);
    settings.settingsSlaUpdate(wanted.reminderDays(days), null, null);
    Map<String, Change> changes = new AuditApi(admin)
        .auditLogList(null, null, null, null, null, null, null, null).getItems().stream()
        .filter(it -> it.getAction().equals("settings_sla_update")).findFirst().orElseThrow()
        .getChanges();
    Change change = changes.get("reminder_days");
    System.out.println("audit " + change.getFrom() + " " + change.getTo());

    List<Event> feed = new EventsApi(engineer)
        .eventsList(null, null, null, null, null, filed.getId(), null, null, null, null).getItems();
    expect(feed.get(0).getType().equals("ticket.created"), "the feed begins elsewhere");
    System.out.println("feed " + feed.stream().map(Event::getType).toList());

    EventMessage event =
        message(EventMessage.class, it -> it.getType().equals("ticket.created"));
    expect(event.getData().getTicketId().equals(filed.getId()), "an event of another ticket");
    System.out.println("event " + event.getType() + " " + event.getData().getTicketId());
    try {
      TransitionCreate closing = new TransitionCreate().to(Status.CLOSED);
      new TicketsApi(customer).ticketsTransition(filed.getId(), closing, null, null, null);
      throw new IllegalStateException("the move was not refused");
    } catch (ApiException refused) {
      Problem problem =
          customer.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
      System.out.println("refused " + refused.getCode() + " " + problem.getCode() + " "
          + problem.getAllowed());
    }
  }
}
