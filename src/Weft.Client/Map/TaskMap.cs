using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Client.Map;

/// <summary>
/// One run of a map: reads inputs while fewer than the maximum are in flight, submits them in batches, and reads the
/// group's results. An input is in flight until the caller has its result. Everything happens in the caller's own flow.
/// </summary>
internal sealed class TaskMap<TInput, TOutput>(
    WeftClient client, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TOutput> outputType, MapOptions options, long group)
{
    private const int BatchMax = 100;
    private static readonly TimeSpan CancelTimeMax = TimeSpan.FromSeconds(5);

    // Waiting until several inputs fit makes one request instead of many.
    private readonly int _batchMax = Math.Clamp(options.InFlightMax / 4, 1, BatchMax);
    private readonly Dictionary<long, (long Index, TInput Input)> _unfinished = [];
    private readonly SortedDictionary<long, MapResult<TInput, TOutput>> _ready = [];
    // Tasks submitted before the results were requested: once the group is reported complete, these are delivered.
    private HashSet<long>? _asked;
    private long _taken;
    private long _given;

    private bool HasPlaces => _taken - _given <= options.InFlightMax - _batchMax;

    /// <summary>Returns the results in the order that the options ask for.</summary>
    public async IAsyncEnumerable<MapResult<TInput, TOutput>> RunAsync(IAsyncEnumerable<TInput> inputs,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var input = new Lookahead<TInput>(inputs.GetAsyncEnumerator(end.Token));
        await using var results = new Lookahead<GroupResult>(FollowAsync(end.Token).GetAsyncEnumerator(end.Token));
        try
        {
            for (; ; )
            {
                if (HasPlaces && !input.HasEnded) await SubmitAsync(input, cancellationToken);
                _asked ??= [.. _unfinished.Keys];
                while (_unfinished.Count > 0 && results.TryTake(out var result))
                {
                    if (result.Done == true) await FinishLostAsync(cancellationToken);
                    else Finish(result.Id!.Value, result.State!, result.Result, result.Error, result.Outputs);
                }

                while (NextReady() is { } ready)
                {
                    yield return ready;
                    _given++;
                }

                if (input.HasEnded && _given == _taken) yield break;
                await Task.WhenAny(Expected(input, results));
            }
        }
        finally
        {
            await end.CancelAsync();
            if (_unfinished.Count > 0) await CancelAsync();
        }
    }

    private IEnumerable<Task> Expected(Lookahead<TInput> input, Lookahead<GroupResult> results)
    {
        if (HasPlaces && !input.HasEnded) yield return input.Next;
        if (_unfinished.Count > 0) yield return results.Next;
    }

    /// <summary>
    /// The group's results. The stream ends whenever all are delivered, and continues after the next submit.
    /// </summary>
    private async IAsyncEnumerable<GroupResult> FollowAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            await foreach (var result in client.ReadGroupResultsAsync(group, cursor,
                cancellationToken: cancellationToken))
            {
                cursor = result.Cursor;
                yield return result;
            }

            yield return new(cursor ?? "", null, null, null, null, null, Done: true);
        }
    }

    /// <summary>Submits the available inputs, as far as the limit in flight allows.</summary>
    private async Task SubmitAsync(Lookahead<TInput> input, CancellationToken cancellationToken)
    {
        var batch = new List<TInput>();
        while (batch.Count < _batchMax && input.TryTake(out var next)) batch.Add(next);
        if (batch.Count == 0) return;

        var submit = options.Submit with { Group = group };
        var outcomes = await client.SubmitBatchAsync(
            batch.Select(each => submit.For(WireText.Element(each, inputType))), WeftClient.NewKey(),
            waitsForRoom: true, cancellationToken);
        foreach (var (each, outcome) in batch.Zip(outcomes))
        {
            if (outcome.Id is { } id) _unfinished[id] = (_taken, each);
            else _ready[_taken] = new(_taken, each, null, default, outcome.Detail);
            _taken++;
        }
    }

    /// <summary>
    /// A reader slower than the coordinator's retention finds results deleted: report each of them instead of waiting
    /// for ever.
    /// </summary>
    private async Task FinishLostAsync(CancellationToken cancellationToken)
    {
        foreach (var id in _asked!.Where(_unfinished.ContainsKey).ToList())
        {
            try
            {
                var task = await client.GetAsync(id, cancellationToken);
                if (task.State is TaskStates.Completed or TaskStates.Dead or TaskStates.Cancelled)
                {
                    Finish(id, task.State, task.Result, task.Error, task.Outputs);
                }
            }
            catch (WeftException gone) when (gone.Code == ProblemCodes.TaskNotFound)
            {
                Finish(id, "gone", null, "The coordinator's retention deleted the result before it was read.", null);
            }
        }

        _asked = [.. _unfinished.Keys];
    }

    private void Finish(
        long id, string state, JsonElement? result, string? reason, IReadOnlyList<TaskOutput>? outputs)
    {
        if (!_unfinished.Remove(id, out var task)) return;
        var (output, error) = state == TaskStates.Completed
            ? Read(result)
            : (default, reason ?? string.Create(CultureInfo.InvariantCulture, $"The task is {state}."));
        _ready[task.Index] = new(task.Index, task.Input, id, output, error) { Outputs = outputs ?? [] };
    }

    private (TOutput?, string?) Read(JsonElement? result)
    {
        try
        {
            return (WeftClient.Read(result, outputType), null);
        }
        catch (JsonException exception)
        {
            return (default, $"The result can't be read as the requested type: {exception.Message}");
        }
    }

    private MapResult<TInput, TOutput>? NextReady()
    {
        foreach (var (index, result) in _ready)
        {
            if (options.Ordered && index != _given) return null;
            _ready.Remove(index);
            return result;
        }

        return null;
    }

    /// <summary>The caller has stopped reading: cancel the tasks whose results won't be read.</summary>
    private async Task CancelAsync()
    {
        using var brief = new CancellationTokenSource(CancelTimeMax, client.Time);
        try
        {
            await client.CancelGroupAsync(group, brief.Token);
        }
        catch (Exception exception) when (exception is WeftException or OperationCanceledException)
        {
            // The tasks then run to their end unread; the caller's own reason to stop matters more.
        }
    }
}
