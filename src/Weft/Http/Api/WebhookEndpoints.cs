using Weft.Contracts;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.UseCases;
using Weft.Core.Webhooks;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Weft.Http.Pipeline;
using Outcome = Weft.Core.UseCases.ManageWebhooks.Outcome;
using Problem = Weft.Http.Errors.Problem;
using Status = Weft.Core.UseCases.ManageWebhooks.Status;

namespace Weft.Http.Api;

/// <summary>Registers, lists, tests and deletes webhooks. A secret is shown once, when it is created.</summary>
internal sealed class WebhookEndpoints(ManageWebhooks webhooks, AuditTrail audit, AccessControl access)
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    public async Task AddAsync(HttpContext context)
    {
        if (WebhookReader.Read(await RequestBody.ReadAsync(context), out var order) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var caller = access.CallerOf(context);
        var outcome = await webhooks.AddAsync(caller, order);
        if (outcome.Webhook is not { } webhook)
        {
            await Problems.AnswerAsync(context, ProblemOf(outcome));
            return;
        }

        // Not its address, which may contain a secret of the receiver.
        await audit.NoteAsync(
            caller, "webhook.add", webhook.Id.ToString(), string.Join(' ', WebhookEventText.Of(order.Events)));
        context.Response.Headers.Location = $"{ApiRoutes.Webhooks}/{webhook.Id}";
        var added = ToWire(webhook) with { Secret = WebhookSecret.Write(webhook.Secret) };
        await ApiJson.AnswerAsync(context, StatusCodes.Status201Created, added, WireJson.Default.Webhook);
    }

    public async Task ListAsync(HttpContext context)
    {
        if (await webhooks.ListAsync(access.CallerOf(context)) is not { } found)
        {
            await Problems.AnswerAsync(context, ProblemOf(new(Status.Forbidden)));
            return;
        }

        var list = new WebhookList([.. found.Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.WebhookList);
    }

    public Task GetAsync(HttpContext context) => DoAsync(context, webhooks.FindAsync);

    public Task EnableAsync(HttpContext context) => DoAsync(context, async (caller, id) =>
    {
        var outcome = await webhooks.EnableAsync(caller, id);
        if (outcome.Status == Status.Done) await audit.NoteAsync(caller, "webhook.enable", id.ToString());
        return outcome;
    });

    public async Task RotateAsync(HttpContext context)
    {
        var caller = access.CallerOf(context);
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var outcome = await webhooks.RotateAsync(caller, new(id));
        if (outcome.Webhook is not { } webhook)
        {
            await Problems.AnswerAsync(context, ProblemOf(outcome));
            return;
        }

        await audit.NoteAsync(caller, "webhook.rotate", webhook.Id.ToString());
        var rotated = ToWire(webhook) with { Secret = WebhookSecret.Write(webhook.Secret) };
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, rotated, WireJson.Default.Webhook);
    }

    public async Task ListDeliveriesAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var (outcome, attempts) = await webhooks.ListAttemptsAsync(access.CallerOf(context), new(id));
        if (attempts is null)
        {
            await Problems.AnswerAsync(context, ProblemOf(outcome));
            return;
        }

        var list = new WebhookDeliveryList([.. attempts.Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.WebhookDeliveryList);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        var caller = access.CallerOf(context);
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var outcome = await webhooks.RemoveAsync(caller, new(id));
        if (outcome.Status != Status.Done)
        {
            await Problems.AnswerAsync(context, ProblemOf(outcome));
            return;
        }

        await audit.NoteAsync(caller, "webhook.delete", new WebhookId(id).ToString());
        await ApiJson.AnswerAsync(
            context, StatusCodes.Status200OK, new WebhookDeleted(id), WireJson.Default.WebhookDeleted);
    }

    public async Task TestAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (!ClientCounts.TryBegin<WebhookTries>(context))
        {
            await RequestRates.RefuseAsync(
                context, RefusedBy.Held, TryAgainAfter,
                $"{Limits.WebhookTestsOfClientMax} tests of this client are already running: wait for them.");
            return;
        }

        var (outcome, answer) = await webhooks.TestAsync(access.CallerOf(context), new(id), context.RequestAborted);
        if (answer is null)
        {
            await Problems.AnswerAsync(context, ProblemOf(outcome));
            return;
        }

        var seconds = Math.Round(answer.Took.TotalSeconds, 3);
        var test = new WebhookTest(answer.Arrived, answer.Status, answer.Error, seconds);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, test, WireJson.Default.WebhookTest);
    }

    private async Task DoAsync(HttpContext context, Func<Caller, WebhookId, Task<Outcome>> act)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var outcome = await act(access.CallerOf(context), new(id));
        if (outcome.Webhook is not { } webhook) await Problems.AnswerAsync(context, ProblemOf(outcome));
        else await ApiJson.AnswerAsync(
            context, StatusCodes.Status200OK, ToWire(webhook), WireJson.Default.Webhook);
    }

    private static Problem ProblemOf(Outcome outcome) => outcome.Status switch
    {
        Status.NotFound => Problems.WebhookNotFound,
        Status.TooMany => Problems.TooManyWebhooks,
        Status.AddressRefused => Problems.WebhookAddressRefused.With(outcome.Reason!),
        _ => Problems.Forbidden.With(
            "Only an admin may manage webhooks, unless the coordinator runs with --webhooks-for-submitters."),
    };

    private static Webhook ToWire(StoredWebhook webhook)
    {
        var order = webhook.Order;
        return new(
            webhook.Id.Value, order.Url, WebhookEventText.Of(order.Events),
            order.Queues.Count > 0 ? order.Queues : null, order.Group?.Value, order.Name, webhook.DisabledAt is null,
            webhook.CreatedAt, webhook.Pending, webhook.Dropped, webhook.GivenUp, webhook.FailingSince,
            webhook.LastError, webhook.DisabledAt, order.Owner?.Value, webhook.Old?.Until);
    }

    private static Contracts.WebhookDelivery ToWire(WebhookAttempt attempt)
    {
        var answer = attempt.Answer;
        return new(
            attempt.MessageId, attempt.Event, attempt.Attempt, attempt.SentAt,
            Math.Round(answer.Took.TotalSeconds, 3), answer.Arrived, answer.Status, answer.Error, attempt.NextAt);
    }
}
