// openapi-generator's `go`, with default settings.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	api "openapi"
)

var messages = make(chan api.WebhookMessage, 100)

func must[T any](value T, _ *http.Response, err error) T {
	if err != nil {
		var failed *api.GenericOpenAPIError
		if errors.As(err, &failed) {
			panic(fmt.Sprintf("%v: %s", err, failed.Body()))
		}
		panic(err)
	}
	return value
}

func expect(holds bool, failure string) {
	if !holds {
		panic(failure)
	}
}

func client(base string) *api.APIClient {
	configuration := api.NewConfiguration()
	configuration.Servers = api.ServerConfigurations{{URL: base}}
	return api.NewAPIClient(configuration)
}

func signedIn(it *api.APIClient, name string) context.Context {
	login := api.NewLogin(name+"@helpdesk.example", "Demo-2026-portal")
	ctx := context.Background()
	tokens := must(it.AuthAPI.AuthLogin(ctx).Login(*login).Execute())
	return context.WithValue(ctx, api.ContextAccessToken, tokens.AccessToken)
}

func receive(response http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	var message api.WebhookMessage
	if err := json.Unmarshal(body, &message); err != nil {
		panic(err)
	}
	messages <- message
	response.WriteHeader(200)
}

func main() {
	base := os.Getenv("HELPDESK")
	if base == "" {
		base = "http://127.0.0.1:8080"
	}
	it := client(base)
	customer, engineer, admin :=
		signedIn(it, "customer"), signedIn(it, "engineer"), signedIn(it, "admin")
	fmt.Println("signed in as", must(it.MeAPI.MeGet(customer).Execute()).Name)

	server := httptest.NewServer(http.HandlerFunc(receive))
	defer server.Close()
	hook := must(it.WebhooksAPI.WebhooksCreate(admin).
		WebhookCreate(*api.NewWebhookCreate(server.URL)).Execute())
	must(it.WebhooksAPI.WebhooksTest(admin, hook.Id).Execute())
	ping := <-messages
	fmt.Println("pinged webhook", ping.PingMessage.Data.WebhookId)

	file, _ := os.CreateTemp("", "gateway*.log")
	file.WriteString("log of the gateway")
	file.Seek(0, 0)
	upload := must(it.UploadsAPI.UploadsCreate(customer).File(file).Execute())
	fmt.Println("uploaded", upload.Size)

	project := must(it.ProjectsAPI.ProjectsList(customer).Execute()).Items[0]
	now := time.Now().String()
	request := api.NewTicketCreate("Since "+now+" we do not hear our subscribers.",
		project.Id, "No sound, Go "+now, api.BUG)
	request.SetPriority(api.HIGH)
	request.SetProductName("SMG-1016M")
	request.SetSteps("Password: 12345")
	request.SetAttachments([]api.AttachmentCreate{*api.NewAttachmentCreate(upload.Id)})
	filed := must(it.TicketsAPI.TicketsCreate(customer).TicketCreate(*request).
		IdempotencyKey(fmt.Sprint("go-", time.Now().UnixNano())).Execute())
	fmt.Println("filed", filed.Id, "with", len(filed.Hints), "hints")

	file = must(it.AttachmentsAPI.AttachmentsDownload(engineer,
		must(it.AttachmentsAPI.AttachmentsList(engineer, filed.Id).Execute()).Items[0].Id).Execute())
	content, _ := io.ReadAll(file)
	expect(string(content) == "log of the gateway", "the file differs")
	fmt.Println("downloaded", string(content))

	taken := must(it.TicketsAPI.TicketsTransition(engineer, filed.Id).
		TransitionCreate(*api.NewTransitionCreate(api.IN_PROGRESS)).Execute())
	comment := must(it.CommentsAPI.CommentsCreate(engineer, filed.Id).
		CommentCreate(*api.NewCommentCreate("Please send a dump of port 1.")).Execute())
	fmt.Println("taken:", taken.Status, "comment", comment.Id, comment.CreatedAt)

	both := []api.StatusFilter{api.STATUS_FILTER_IN_PROGRESS, api.STATUS_FILTER_FEEDBACK}
	page := must(it.TicketsAPI.TicketsList(engineer).Status(both).Limit(5).Execute())
	for _, listed := range page.Items {
		expect(listed.Status == api.IN_PROGRESS || listed.Status == api.FEEDBACK, "the list is wrong")
	}
	fmt.Println("listed", len(page.Items))

	expand := []api.Expansion{api.EXPANSION_COMMENTS, api.EXPANSION_HISTORY}
	ticket := must(it.TicketsAPI.TicketsGet(engineer, filed.Id).Expand(expand).Execute())
	expect(len(ticket.Comments) == 1 && ticket.Comments[0].Id == comment.Id, "no comment")
	fmt.Println("expanded", len(ticket.Comments), "comment,", len(ticket.History), "events")

	redaction := api.NewTicketRedaction(api.TICKET_TEXT_STEPS, "It was a password.")
	must(it.TicketsAPI.TicketsRedact(admin, filed.Id).TicketRedaction(*redaction).Execute())
	history := must(it.TicketsAPI.TicketsHistoryList(engineer, filed.Id).Execute())
	for _, event := range history.Items {
		if event.Type == "ticket.redacted" {
			steps := event.Changes["steps"]
			fmt.Println("history", len(history.Items), "redacted", steps.From, steps.To)
		}
	}

	sla := must(it.SettingsAPI.SettingsSlaGet(admin).Execute())
	text, _ := json.Marshal(sla)
	var wanted api.Sla
	if err := json.Unmarshal(text, &wanted); err != nil {
		panic(err)
	}
	if len(wanted.ReminderDays) == 3 {
		wanted.ReminderDays = wanted.ReminderDays[:2]
	} else {
		wanted.ReminderDays = append(wanted.ReminderDays, 1)
	}
	must(it.SettingsAPI.SettingsSlaUpdate(admin).Sla(wanted).Execute())
	for _, entry := range must(it.AuditAPI.AuditLogList(admin).Execute()).Items {
		if entry.Action == "settings_sla_update" {
			change := entry.Changes["reminder_days"]
			fmt.Println("audit", change.From, change.To)
			break
		}
	}

	feed := must(it.EventsAPI.EventsList(engineer).TicketId(filed.Id).Execute()).Items
	expect(feed[0].Type == "ticket.created", "the feed begins elsewhere")
	fmt.Println("feed", len(feed), feed[0].Type)

	for event := range messages {
		if event.EventMessage != nil && event.EventMessage.Type == "ticket.created" {
			expect(event.EventMessage.Data.GetTicketId() == filed.Id, "an event of another ticket")
			fmt.Println("event", event.EventMessage.Type, filed.Id)
			break
		}
	}
	_, _, err := it.TicketsAPI.TicketsTransition(customer, filed.Id).
		TransitionCreate(*api.NewTransitionCreate(api.CLOSED)).Execute()
	var refused *api.GenericOpenAPIError
	if !errors.As(err, &refused) {
		panic("the move was not refused")
	}
	problem := refused.Model().(api.Problem)
	fmt.Println("refused", problem.Status, problem.Code, problem.Allowed)
}
