using System.Text.Json;
using System.Threading.Channels;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>Submits the input's lines in order, batch by batch, and records the tasks' ids.</summary>
/// <param name="describe">Creates a task from a payload.</param>
/// <param name="asText">Treat lines as text even if they look like JSON.</param>
internal sealed class MapSubmitter(MapSender sender, MapJournal journal, MapInput input,
    Func<JsonElement, TaskRequest> describe, bool asText)
{
    private static readonly TimeSpan FullWait = TimeSpan.FromSeconds(1);

    private int _countMax = MapJournal.BatchLinesMax;
    private long _bytesMax = MapTask.BatchBytesMax;

    /// <summary>Lines submitted so far.</summary>
    public long Lines { get; private set; }

    /// <summary>True: all lines are submitted.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>
    /// Submits to the end of the input. Lines that an interrupted run has already submitted aren't stored again.
    /// </summary>
    /// <param name="calledOff">Stop after the current request.</param>
    public async Task RunAsync(ChannelWriter<long> ids, CancellationToken calledOff, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(calledOff, stop);
        try
        {
            for (var i = 0; i < journal.Batches.Count; i++)
            {
                await RepeatAsync(journal.Batches[i], isLast: i == journal.Batches.Count - 1, ids, end.Token, stop);
            }
            while (await ReadBatchAsync(end.Token) is { Count: > 0 } lines)
            {
                await AnnounceAndSubmitAsync(Describe(lines), ids, end.Token, stop);
            }
        }
        catch (OperationCanceledException) when (calledOff.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // The submitted lines still have to be printed.
        }
    }

    /// <summary>Marks the end of the input.</summary>
    public void End(ChannelWriter<long> ids)
    {
        HasEnded = true;
        ids.Complete();
    }

    private async Task<List<string>> ReadBatchAsync(CancellationToken end)
    {
        try
        {
            return await input.ReadBatchAsync(end);
        }
        catch (CommandFailure failure)
        {
            throw new CommandFailure($"{failure.Message} {HowToContinue()}");
        }
    }

    /// <summary>Submits a batch of the interrupted run again.</summary>
    private async Task RepeatAsync(int count, bool isLast, ChannelWriter<long> ids, CancellationToken end,
        CancellationToken stop)
    {
        var lines = await input.ReadExactlyAsync(count, end);
        if (lines.Count < count) throw Differs();
        var tasks = Describe(lines);
        while (await TrySubmitAsync(tasks, ids, stop) is { } refused)
        {
            if (isLast)
            {
                // It may never have been sent: try again in smaller parts.
                journal.Withdraw();
                Narrow(tasks, refused);
                await AnnounceAndSubmitAsync(tasks, ids, end, stop);
                return;
            }

            // The journal has later batches, which were sent after this one was stored: its size can't change.
            if (refused.IsTooLarge)
            {
                throw new CommandFailure($"Lines {Lines + 1} to {Lines + count}: {refused.Message}");
            }
            await Task.Delay(FullWait, TimeProvider.System, end);
        }
    }

    /// <summary>
    /// Submits new lines, in parts as large as the coordinator, a proxy in front of it and the token's limits allow.
    /// </summary>
    private async Task AnnounceAndSubmitAsync(MapTask[] tasks, ChannelWriter<long> ids, CancellationToken end,
        CancellationToken stop)
    {
        for (var done = 0; done < tasks.Length;)
        {
            var part = MapTask.Part(tasks, done, _countMax, _bytesMax);
            journal.Announce(part.Count);
            if (await TrySubmitAsync(part, ids, stop) is not { } refused)
            {
                done += part.Count;
                _countMax = Math.Min(2 * _countMax, MapJournal.BatchLinesMax);
                continue;
            }

            // Nothing of it was stored.
            journal.Withdraw();
            Narrow(part, refused);
            if (!refused.IsTooLarge) await Task.Delay(FullWait, TimeProvider.System, end);
        }
    }

    /// <summary>Makes the next parts smaller than the one that was refused.</summary>
    private void Narrow(ArraySegment<MapTask> part, RefusedFailure refused)
    {
        if (!refused.IsTooLarge) _countMax = Math.Max(1, part.Count / 2);
        else if (part.Count > 1) _bytesMax = part.Sum(static task => task.Json.LongLength) / 2;
        else throw new CommandFailure($"Line {Lines + 1}: {refused.Message} {HowToContinue()}");
    }

    // Check all lines before recording any: after invalid JSON is corrected, the same command can continue.
    private MapTask[] Describe(List<string> lines) =>
        [.. lines.Select((line, i) => MapTask.Of(describe(Payload(line, Lines + i + 1))))];

    /// <returns>Why nothing was stored, if smaller parts may succeed: the token has too many unfinished tasks, or the
    /// request is too large. Null: submitted.</returns>
    private async Task<RefusedFailure?> TrySubmitAsync(ArraySegment<MapTask> tasks, ChannelWriter<long> ids,
        CancellationToken stop)
    {
        try
        {
            foreach (var outcome in await sender.SendAsync(tasks, $"{journal.Group!.Value.Name}/{Lines}", stop))
            {
                Lines++;
                if (outcome.Id is not { } id)
                    throw new CommandFailure($"Line {Lines}: {outcome.Detail?.ReplaceLineEndings(" ")}");
                await ids.WriteAsync(id, stop);
            }

            return null;
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.IdempotencyMismatch)
        {
            throw Differs();
        }
        catch (RefusedFailure refused) when (refused.IsTooLarge || refused.Code == ProblemCodes.TooManyUnfinished)
        {
            return refused;
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.InvalidRequest)
        {
            var which = tasks.Count == 1
                ? $"Line {Lines + 1}"
                : $"One of the lines {Lines + 1} to {Lines + tasks.Count}";
            throw new CommandFailure($"{which}: {refused.Message}");
        }
    }

    private JsonElement Payload(string line, long number)
    {
        try
        {
            return JsonText.ReadTyped(line, asText);
        }
        catch (UsageFailure failure)
        {
            throw new UsageFailure($"Line {number}: {failure.Message} {HowToContinue()}");
        }
    }

    private string HowToContinue() => Lines == 0
        ? "Correct the input and run the same command again."
        : $"{Counted.Of(Lines, "line")} submitted: correct the input and run the same command again to continue.";

    private static CommandFailure Differs() =>
        new("The input differs from the interrupted run's. --fresh discards that run and starts over; --run " +
            "NAME keeps it and starts another one.");
}
