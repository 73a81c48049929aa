using System.Text.Json;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Tasks;
using Weft.Core.Tracing;
using Weft.Core.UseCases;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Reads a batch of submitted tasks, and writes their outcomes.</summary>
internal sealed class SubmitBatch
{
    private static readonly MemberNames Names = new("tasks");
    private static readonly string TooManyLists =
        $"A batch may have at most {Limits.PackageListsOfBatchMax} different lists of packages: submit it in parts.";

    private readonly List<NewTask> _tasks = [];

    // For each item its parse error; null: it is the next of the tasks.
    private readonly List<Problem?> _faults = [];

    /// <summary>The valid items, in order.</summary>
    public IReadOnlyList<NewTask> Tasks => _tasks;

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

    /// <summary>Resolves the packages that tasks name; once for all tasks with the same list.</summary>
    public async ValueTask ResolveAsync(PythonPackages packages, Caller caller, CancellationToken stop)
    {
        if (!_tasks.Exists(static task => task.Packages is not null)) return;
        var known = new Dictionary<string, (NewTask Task, string? Fault)>(StringComparer.Ordinal);
        for (int item = 0, next = 0; item < _faults.Count; item++)
        {
            if (_faults[item] is not null) continue;
            var task = _tasks[next];
            var (found, fault) = (task, (string?)null);
            if (task.Packages is { } named)
            {
                var key = $"{task.Files?.Hash}\n{string.Join('\n', named)}";
                if (!known.TryGetValue(key, out var of))
                {
                    known[key] = of = known.Count == Limits.PackageListsOfBatchMax
                        ? (task, TooManyLists)
                        : await packages.ResolveAsync(caller, task, stop);
                }
                (found, fault) = (task with { Files = of.Task.Files, NeedsPyodide = of.Task.NeedsPyodide }, of.Fault);
            }

            if (fault is null)
            {
                _tasks[next++] = found;
                continue;
            }
            _tasks.RemoveAt(next);
            _faults[item] = Problems.PackagesUnresolved.With(fault);
        }
    }

    /// <summary>
    /// The trace of the request, for tasks without their own. They only link to it: a thousand tasks under one span
    /// would be unreadable.
    /// </summary>
    public void AddTrace(TaskTrace trace)
    {
        var link = trace with { IsLink = true };
        for (var i = 0; i < _tasks.Count; i++)
        {
            if (_tasks[i].Trace is null) _tasks[i] = _tasks[i] with { Trace = link };
        }
    }

    /// <param name="writer">Writes the whole response.</param>
    /// <param name="submitted">The outcomes of <see cref="Tasks"/>, in order.</param>
    public void Write(Utf8JsonWriter writer, IReadOnlyList<SubmittedTask> submitted)
    {
        var next = 0;
        writer.WriteStartObject();
        writer.WriteStartArray("outcomes"u8);
        foreach (var fault in _faults) Write(writer, fault, fault is null ? submitted[next++] : default);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Problem? fault, SubmittedTask task)
    {
        writer.WriteStartObject();
        if ((fault ?? Problems.Of(task.Status)) is { } problem)
        {
            Problems.WriteMembers(writer, problem);
        }
        else
        {
            writer.WriteNumber("status"u8, SubmitEndpoints.StatusOf(task.Status));
            writer.WriteNumber("id"u8, task.Id.Value);
        }

        writer.WriteEndObject();
    }

    private void ReadItems(ref StrictJson json, DateTimeOffset now)
    {
        if (!json.BeginArray()) return;
        while (json.NextItem())
        {
            if (_faults.Count == Limits.SubmitBatchMax)
            {
                json.Fail($"tasks must have at most {Limits.SubmitBatchMax} items.");
                return;
            }

            var task = TaskReader.Read(ref json, Limits.BatchItemBytesMax, now);
            var fault = json.EndItem();
            if (fault is null) _tasks.Add(task);
            _faults.Add(fault);
        }
    }
}
