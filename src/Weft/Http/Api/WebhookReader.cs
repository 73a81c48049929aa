using Weft.Core;
using Weft.Core.Tasks;
using Weft.Core.Webhooks;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Reads a new webhook's events and address.</summary>
internal static class WebhookReader
{
    private static readonly MemberNames Names = new("url", "events", "queues", "group", "name");
    private static readonly uint Required = Names.Mask("url", "events");

    /// <summary>The webhook; invalid when there is a problem.</summary>
    public static Problem? Read(ReadOnlyMemory<byte> body, out WebhookOrder order)
    {
        var json = new StrictJson(body);
        order = Read(ref json);
        return json.End();
    }

    private static WebhookOrder Read(ref StrictJson json)
    {
        var order = new WebhookOrder("", WebhookEvents.None, []);
        var seen = 0u;
        if (!json.BeginObject()) return order;
        while (json.NextMember(Names, ref seen) is { } name)
        {
            order = name switch
            {
                "url" => order with { Url = ReadUrl(ref json) },
                "events" => order with { Events = ReadEvents(ref json) },
                "queues" => order with { Queues = ReadQueues(ref json) },
                "group" => order with { Group = new GroupId(json.Integer(1, long.MaxValue)) },
                _ => order with { Name = json.String(Limits.WebhookNameCharsMax) },
            };
        }

        if ((seen & Required) != Required) json.Fail("url and events are required.");
        return order;
    }

    private static string ReadUrl(ref StrictJson json)
    {
        var text = json.String(Limits.WebhookUrlCharsMax);
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "https" or "http" && url.Host.Length > 0 && url is { UserInfo: "", Fragment: "" };
        if (!isUrl)
        {
            json.Fail("url must be an address such as https://example.org/hook, without a user name or fragment.");
        }

        return text;
    }

    private static WebhookEvents ReadEvents(ref StrictJson json)
    {
        var events = WebhookEventText.Parse(json.Strings(Limits.WebhookEventsMax, Limits.LabelCharsMax));
        if (events == WebhookEvents.None)
        {
            json.Fail("events must have at least one of task.completed, task.dead, task.cancelled, group.finished.");
        }

        return events;
    }

    private static List<string> ReadQueues(ref StrictJson json)
    {
        var queues = json.Strings(Limits.WebhookQueuesMax, Limits.QueueNameCharsMax);
        if (queues.Count == 0) json.Fail("queues must name at least one queue; leave it out for all.");
        if (!queues.TrueForAll(QueueName.IsValid)) json.Fail(ApiRequest.QueueRule("Each of queues"));
        return queues;
    }
}
