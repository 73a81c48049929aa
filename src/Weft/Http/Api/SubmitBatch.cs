using System.Text.Json;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Http.Api;

/// <summary>Tasks that were submitted together: each is stored or refused by itself.</summary>
internal sealed class SubmitBatch
{
    private static readonly MemberNames Names = new("tasks");

    // One of the two for each item: what it asks for, and what came of it.
    private readonly List<NewTask?> _tasks = [];
    private readonly List<ItemOutcome> _outcomes = [];

    public static Problem? Read(ReadOnlyMemory<byte> body, DateTimeOffset now, out SubmitBatch batch)
    {
        batch = new();
        var json = new StrictJson(body);
        var seen = 0u;
        if (json.BeginObject())
        {
            while (json.NextMember(Names, ref seen) is not null) batch.ReadItems(ref json, now);
        }

        if (seen == 0) json.Fail("tasks is missing.");
        return json.End();
    }

    /// <summary>Takes out what may not be submitted.</summary>
    public async Task RefuseAsync(Func<NewTask, ValueTask<Problem?>> refusalOf)
    {
        for (var i = 0; i < _tasks.Count; i++)
        {
            if (_tasks[i] is not { } task || await refusalOf(task) is not { } problem) continue;
            _tasks[i] = null;
            _outcomes[i] = new(problem);
        }
    }

    /// <summary>Stores what is valid; a problem when none of it could be, whatever the items are.</summary>
    public async Task<Problem?> SubmitAsync(ITaskStore store, IdempotencyKey? key, TokenId? owner)
    {
        var valid = _tasks.OfType<NewTask>().ToList();
        if (valid.Count == 0) return null;
        var outcome = await store.SubmitAsync(new(valid, key, owner));
        // Which of them would fit is of no use to anybody: whoever has no room now comes again with all.
        if (outcome.Status is SubmitStatus.KeyMismatch or SubmitStatus.OwnerFull) return Problems.Of(outcome.Status);
        if (outcome.Ids.Count == valid.Count) Note([.. outcome.Ids.Select(id => new ItemOutcome(outcome.Status, id))]);
        // The same bytes, but a runAt that was ahead the first time has passed: which id is whose can't be told.
        else if (outcome.Status == SubmitStatus.Repeated) return Problems.Of(SubmitStatus.KeyMismatch);
        else Note(await SubmitOneByOneAsync(store, valid, key, owner));
        return null;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("outcomes"u8);
        foreach (var outcome in _outcomes) outcome.Write(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A submission is stored whole or not at all: where one task can't be, each goes by itself, so that the others are.</summary>
    private static Task<ItemOutcome[]> SubmitOneByOneAsync(ITaskStore store, List<NewTask> tasks, IdempotencyKey? key, TokenId? owner) =>
        Task.WhenAll(tasks.Select(async (task, i) =>
        {
            // No key of a request has so many characters: these can't meet a client's own.
            var ownKey = key is null ? null : key with { Text = $"{key.Text.PadRight(Limits.IdempotencyKeyCharsMax)}#{i}" };
            var outcome = await AfterChange.GoOnAsync(store.SubmitAsync(new([task], ownKey, owner)));
            return Problems.Of(outcome.Status) is { } problem ? new ItemOutcome(problem) : new ItemOutcome(outcome.Status, outcome.Ids[0]);
        }));

    private void ReadItems(ref StrictJson json, DateTimeOffset now)
    {
        if (!json.BeginArray()) return;
        while (json.NextItem())
        {
            if (_tasks.Count == Limits.SubmitBatchMax)
            {
                json.Fail($"tasks must have at most {Limits.SubmitBatchMax} items.");
                return;
            }

            var task = TaskReader.Read(ref json, Limits.BatchItemBytesMax, now);
            var fault = json.EndItem();
            _tasks.Add(fault is null ? task : null);
            _outcomes.Add(fault is null ? default : new(fault));
        }
    }

    private void Note(IReadOnlyList<ItemOutcome> outcomes)
    {
        var next = 0;
        for (var i = 0; i < _tasks.Count; i++)
        {
            if (_tasks[i] is not null) _outcomes[i] = outcomes[next++];
        }
    }

    private readonly record struct ItemOutcome(SubmitStatus Status, TaskId Id, Problem? Problem)
    {
        public ItemOutcome(SubmitStatus status, TaskId id)
            : this(status, id, null)
        {
        }

        public ItemOutcome(Problem problem)
            : this(default, default, problem)
        {
        }

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (Problem is not null)
            {
                Problems.WriteMembers(writer, Problem);
            }
            else
            {
                writer.WriteNumber("status"u8, SubmitEndpoints.StatusOf(Status));
                writer.WriteNumber("id"u8, Id.Value);
            }

            writer.WriteEndObject();
        }
    }
}
