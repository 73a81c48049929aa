using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Core;
using Weft.Core.Tasks;
using Weft.Core.Webhooks;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>
/// The webhook messages of one transaction: they are stored together with its changes, or not at all.
/// </summary>
internal sealed class PendingWebhooks
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // In order, so that no two transactions wait for each other's rows.
    private readonly SortedDictionary<long, Told> _told = [];
    private readonly SortedSet<(long Webhook, long Group, long? Owner)> _groups = [];
    private readonly ArrayBufferWriter<byte> _message = new(512);

    /// <summary>The rules of the active webhooks.</summary>
    public IReadOnlyList<WebhookRule> Rules { get; set; } = [];

    public bool IsEmpty => _told.Count == 0 && _groups.Count == 0;

    /// <summary>A task has finished.</summary>
    public void Add(TaskRecord finished)
    {
        _message.ResetWrittenCount();
        foreach (var rule in Rules)
        {
            if (rule.Matches(finished)) Tell(rule, finished);
        }

        if (finished.Group is { } group) AddGroup(group);
    }

    /// <summary>A group may have finished: a task of it has, or it was sealed.</summary>
    public void AddGroup(GroupId group)
    {
        foreach (var rule in Rules)
        {
            if (rule.Matches(group)) _groups.Add((rule.Id.Value, group.Value, rule.Owner?.Value));
        }
    }

    /// <summary>Stores the messages about tasks.</summary>
    public void StoreTasks(IStatements statements, EngineSql sql, DateTimeOffset now)
    {
        foreach (var (webhook, told) in _told)
        {
            if (told.Owner is { } owner) StoreOwned(statements, sql, now, webhook, told.ToArray(), owner);
            else StoreAll(statements, sql, now, webhook, told);
        }
    }

    /// <summary>Stores the messages about groups that have finished, once their counts are stored and locked.</summary>
    public void StoreGroups(IStatements statements, EngineSql sql, DateTimeOffset now)
    {
        foreach (var (webhook, group, owner) in _groups)
        {
            statements.Run(sql.InsertGroupDelivery)
                .With(webhook)
                .With(now.ToString(TimeFormat, CultureInfo.InvariantCulture))
                .With(now.ToUnixTimeMilliseconds())
                .With(group)
                .With(Limits.WebhookPendingGroupsMax - 1)
                .With(owner);
        }
    }

    public void Forget()
    {
        _told.Clear();
        _groups.Clear();
    }

    private static void StoreAll(
        IStatements statements, EngineSql sql, DateTimeOffset now, long webhook, Told told)
    {
        statements.Run(StoreSql.CountDropped).With(told.Count).With(webhook).With(Limits.WebhookPendingMax - 1);
        statements.Run(sql.InsertDeliveries)
            .With(webhook)
            .With(now.ToUnixTimeMilliseconds())
            .With(told.ToArray())
            .With(Limits.WebhookPendingMax - 1);
    }

    private static void StoreOwned(
        IStatements statements, EngineSql sql, DateTimeOffset now, long webhook, string told, long owner)
    {
        statements.Run(sql.CountOwnedDropped)
            .With(told)
            .With(owner)
            .With(webhook)
            .With(Limits.WebhookPendingMax - 1);
        statements.Run(sql.InsertOwnedDeliveries)
            .With(webhook)
            .With(now.ToUnixTimeMilliseconds())
            .With(told)
            .With(owner)
            .With(Limits.WebhookPendingMax - 1);
    }

    // A task's message is formatted once, however many webhooks get it.
    private void Tell(WebhookRule rule, TaskRecord finished)
    {
        if (!_told.TryGetValue(rule.Id.Value, out var told))
        {
            _told.Add(rule.Id.Value, told = new(rule.Owner?.Value));
        }

        if (_message.WrittenCount == 0) Write(_message, finished);
        told.Add(_message.WrittenSpan);
    }

    // Minimal: no payload, result or error. Receivers that may see those request them.
    private static void Write(IBufferWriter<byte> message, TaskRecord task)
    {
        using var writer = new Utf8JsonWriter(message);
        writer.WriteStartObject();
        writer.WriteString("type"u8, WebhookEventText.Of(WebhookEventText.Of(task.State))[0]);
        WriteTime(writer, "timestamp"u8, task.FinishedAt!.Value);
        writer.WriteStartObject("data"u8);
        writer.WriteNumber("id"u8, task.Id.Value);
        writer.WriteString("queue"u8, task.Queue);
        if (task.Type is { } type) writer.WriteString("type"u8, type);
        if (task.Group is { } group) writer.WriteNumber("group"u8, group.Value);
        writer.WriteNumber("attempt"u8, task.Attempt);
        writer.WriteNumber("failures"u8, task.Failures);
        if (task.WorkerId is { } worker) writer.WriteString("workerId"u8, worker);
        WriteTime(writer, "submittedAt"u8, task.SubmittedAt);
        WriteTime(writer, "finishedAt"u8, task.FinishedAt!.Value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[TimeFormat.Length];
        time.TryFormat(text, out var bytes, TimeFormat, CultureInfo.InvariantCulture);
        writer.WriteString(name, text[..bytes]);
    }

    /// <summary>The messages to one webhook, as a JSON array.</summary>
    /// <param name="owner">Only tasks of this owner; null: all.</param>
    private sealed class Told(long? owner)
    {
        private readonly ArrayBufferWriter<byte> _json = new(512);

        public long? Owner => owner;

        public int Count { get; private set; }

        public void Add(ReadOnlySpan<byte> message)
        {
            _json.Write(Count++ == 0 ? "["u8 : ","u8);
            _json.Write(message);
        }

        public string ToArray()
        {
            _json.Write("]"u8);
            return Encoding.UTF8.GetString(_json.WrittenSpan);
        }
    }
}
