using System.CommandLine;
using System.Globalization;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft webhook</c>: HTTP notifications when tasks and groups finish.</summary>
internal static class WebhookCommand
{
    private static readonly Argument<long> Id = new("id")
    {
        Description = "The webhook's number, as shown by 'weft webhook list'",
    };

    public static Command Create() =>
        new Command(
            "webhook",
            "Register, list, test and remove webhooks (needs an admin token if tokens are required, or a submitter's "
                + "if the coordinator allows it).")
        {
            CreateAdd(),
            new Command("list", "List webhooks, and whether messages arrive.").Does(ListAsync)
                .WithExamples("weft webhook list"),
            new Command("test", "Send a test message and report whether it arrived.") { Id }.Does(TestAsync)
                .WithExamples("weft webhook test 4"),
            new Command("deliveries", "List the last attempts to send a message, newest first.") { Id }
                .Does(ListDeliveriesAsync)
                .WithExamples("weft webhook deliveries 4"),
            new Command("rotate", "Print a new secret; the old one also signs for 24 hours.") { Id }.Does(RotateAsync)
                .WithExamples("weft webhook rotate 4"),
            new Command("enable", "Enable a disabled webhook; sends its pending messages.") { Id }.Does(EnableAsync)
                .WithExamples("weft webhook enable 4"),
            new Command("remove", "Remove a webhook and its pending messages.") { Id }.Does(RemoveAsync)
                .WithExamples("weft webhook remove 4"),
        }.RemoteOptions().WithExamples(
            "weft webhook add https://example.org/hook --event group.finished --event task.dead", "weft webhook list");

    private static Command CreateAdd()
    {
        var url = new Argument<string>("url") { Description = "Where messages are posted to" };
        var events = new Option<string[]>("--event")
        {
            Description = "Event to send: task.completed, task.dead, task.cancelled or group.finished; may be "
                + "repeated",
            HelpName = "event",
            Required = true,
        };
        var queues = new Option<string[]>("--queue")
        {
            Description = "Send only events of tasks in this queue; may be repeated [default: all]",
            HelpName = "name",
        };
        var group = new Option<long?>("--group")
        {
            Description = "Send only events of this group and its tasks [default: all]",
            HelpName = "id",
        };
        var name = new Option<string?>("--name") { Description = "Display name", HelpName = "name" };
        return new Command("add", "Register a webhook and print its secret. It can't be shown again.")
        {
            url, events, queues, group, name,
        }.Does(async (flags, api, stop) =>
        {
            var request = new WebhookRequest(flags.GetRequiredValue(url), flags.GetRequiredValue(events))
            {
                Queues = flags.GetValue(queues) is { Length: > 0 } some ? some : null,
                Group = flags.GetValue(group),
                Name = flags.GetValue(name),
            };
            var webhook = await api.AskAsync(() => api.Client.AddWebhookAsync(request, stop));
            if (PrintSecret(flags, webhook) is { } failure)
            {
                // Without the secret, no message could be verified.
                await api.AskAsync(() => RemoveAsync(api, webhook.Id, stop));
                throw new CommandFailure(
                    $"The secret of webhook {webhook.Id} could not be written ({failure}), so it has been removed.");
            }

            return ExitCode.Ok;
        }).WithExamples(
            "weft webhook add https://example.org/hook --event task.dead --queue squares",
            "weft webhook add https://example.org/hook --event group.finished --group 7");
    }

    /// <summary>Prints only the secret on stdout: <c>SECRET=$(weft webhook add …)</c>.</summary>
    /// <returns>Why it could not be written; null if it was.</returns>
    private static string? PrintSecret(ParseResult flags, Webhook webhook)
    {
        if (flags.WantsJson()) JsonOutput.Print(webhook, WireJson.Default.Webhook);
        else Console.Out.WriteLine(webhook.Secret);
        if (StandardStreams.OutputFailure is { } failure) return failure;
        if (!flags.WantsJson())
        {
            Console.Error.WriteLine($"weft: The secret of webhook {webhook.Id} is shown only this once.");
        }

        return null;
    }

    private static async Task<int> RotateAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var webhook = await api.AskAsync(
            () => api.Client.RotateWebhookSecretAsync(flags.GetRequiredValue(Id), stop));
        if (PrintSecret(flags, webhook) is { } failure)
        {
            throw new CommandFailure(
                $"The new secret of webhook {webhook.Id} could not be written ({failure}): rotate it again.");
        }

        return ExitCode.Ok;
    }

    private static async Task<int> ListDeliveriesAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var list = await api.AskAsync(
            () => api.Client.ListWebhookDeliveriesAsync(flags.GetRequiredValue(Id), stop));
        if (flags.WantsJson())
        {
            JsonOutput.Print(list, WireJson.Default.WebhookDelivery);
            return ExitCode.Ok;
        }

        var table = new TextTable("SENT", "MESSAGE", "EVENT", "ATTEMPT", "STATUS", "SECONDS", "NEXT", "ERROR");
        foreach (var each in list)
        {
            table.Add(
                each.SentAt, each.MessageId, each.Event, each.Attempt, each.Status, each.Seconds, each.NextAt,
                each.Error);
        }

        table.Print("deliveries");
        return ExitCode.Ok;
    }

    private static async Task<int> ListAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var list = await api.AskAsync(() => api.Client.ListWebhooksAsync(stop));
        if (flags.WantsJson())
        {
            JsonOutput.Print(list, WireJson.Default.Webhook);
            return ExitCode.Ok;
        }

        var table = new TextTable("ID", "URL", "EVENTS", "QUEUES", "GROUP", "STATE", "PENDING", "LAST ERROR", "NAME");
        foreach (var each in list)
        {
            table.Add(each.Id, each.Url, string.Join(',', each.Events), each.Queues is null ? "all"
                : string.Join(',', each.Queues), each.Group,
                !each.Active ? "disabled" : each.FailingSince is null ? "active" : "failing", each.Pending,
                each.LastError, each.Name);
        }

        table.Print("webhooks");
        return ExitCode.Ok;
    }

    private static async Task<int> TestAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var id = flags.GetRequiredValue(Id);
        var test = await api.AskAsync(() => api.Client.TestWebhookAsync(id, stop));
        if (flags.WantsJson()) JsonOutput.Print(test, WireJson.Default.WebhookTest);
        if (!test.Delivered) throw new CommandFailure($"The message did not arrive. {test.Error}");
        if (!flags.WantsJson())
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"The message arrived: {test.Status} after {test.Seconds:0.000} s."));
        }

        return ExitCode.Ok;
    }

    private static async Task<int> EnableAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var webhook = await api.AskAsync(() => api.Client.EnableWebhookAsync(flags.GetRequiredValue(Id), stop));
        if (flags.WantsJson()) JsonOutput.Print(webhook, WireJson.Default.Webhook);
        else Console.Out.WriteLine($"Webhook {webhook.Id} is active.");
        return ExitCode.Ok;
    }

    private static async Task<int> RemoveAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var deleted = await api.AskAsync(() => RemoveAsync(api, flags.GetRequiredValue(Id), stop));
        if (flags.WantsJson()) JsonOutput.Print(deleted, WireJson.Default.WebhookDeleted);
        else Console.Out.WriteLine($"Webhook {deleted.Deleted} is removed.");
        return ExitCode.Ok;
    }

    private static Task<WebhookDeleted> RemoveAsync(RemoteApi api, long id, CancellationToken stop) =>
        api.DeleteAsync($"webhooks/{id}", WireJson.Default.WebhookDeleted, stop);
}
