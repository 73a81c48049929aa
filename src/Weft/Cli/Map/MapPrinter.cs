using System.Threading.Channels;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>
/// Prints the results: in input order, each as soon as all earlier ones are there, or as they arrive.
/// </summary>
/// <param name="run">The run to print.</param>
/// <param name="form">The output format.</param>
/// <param name="save">Saves the files of a line's task before the line is printed.</param>
/// <param name="say">Prints a human-readable line.</param>
internal sealed class MapPrinter(
    MapResults run, MapOutput output, MapForm form, Func<GroupResult, long, Task> save, Action<string> say)
{
    // Submitted lines that aren't printed yet, by their tasks.
    private readonly Dictionary<long, long> _lines = [];
    private long _seen;
    private bool _wasCancelled;

    /// <summary>Lines printed.</summary>
    public long Printed { get; private set; }

    /// <summary>Lines whose task is dead or cancelled.</summary>
    public long Lost { get; private set; }

    /// <summary>Of those, lines whose task was cancelled.</summary>
    public long Cancelled { get; private set; }

    /// <summary>
    /// Lines whose result was verified before it was printed, by their tasks: it may still be corrected.
    /// </summary>
    public Dictionary<long, long> Verified { get; } = [];

    /// <summary>Prints until all submitted lines have their result.</summary>
    /// <param name="ids">Their tasks, in order.</param>
    /// <param name="callOff">Called if somebody has cancelled the run.</param>
    public async Task RunAsync(ChannelReader<long> ids, Action callOff, CancellationToken stop)
    {
        while (_lines.Count > 0 || await ids.WaitToReadAsync(stop))
        {
            var before = Printed;
            await foreach (var result in run.ReadAsync(form.Ordered, stop))
            {
                if (await FindLineAsync(ids, result.Id!.Value, stop) is not { } line) continue;
                await save(result, line);
                Print(result, line);
                if (result.State == TaskStates.Cancelled && !_wasCancelled
                    && await run.IsCalledOffAsync(result.Id.Value, stop))
                {
                    callOff();
                }
                _wasCancelled = result.State == TaskStates.Cancelled;
            }

            // The awaited tasks were submitted before this request: their results should have come.
            if (Printed == before) throw MapResults.Deleted(_lines.Count > 0 ? _lines.Values.Min() : _seen + 1);
        }
    }

    /// <returns>Null: already printed.</returns>
    private async Task<long?> FindLineAsync(ChannelReader<long> ids, long id, CancellationToken stop)
    {
        if (form.Ordered) return id == await ids.ReadAsync(stop) ? ++_seen : throw MapResults.Deleted(_seen + 1);
        while (!_lines.ContainsKey(id)
            && (ids.TryPeek(out var next) || await ids.WaitToReadAsync(stop) && ids.TryPeek(out next)) && next <= id)
        {
            _lines[await ids.ReadAsync(stop)] = ++_seen;
        }

        return _lines.Remove(id, out var line) ? line : null;
    }

    private void Print(GroupResult result, long line)
    {
        Printed++;
        if (result.Answers is not null) Verified[result.Id!.Value] = line;
        var found = TaskLines.ResultOf(result.State, result.Result);
        if (found is null)
        {
            Lost++;
            if (result.State == TaskStates.Cancelled) Cancelled++;
            say($"weft: Line {line}: {TaskLines.Describe(result.Id!.Value, result.State, result.Error)}");
        }

        output.WriteLine(
            form.AsJson
                ? JsonOutput.Line(new(line, result.Id!.Value, result.State!, found, result.Error, result.Outputs),
                RemoteJson.Default.MapLine) :
            found is { } value ? JsonText.Write(value, form.AsText) : "null");
    }
}

/// <summary>The output format.</summary>
/// <param name="Ordered">In input order.</param>
/// <param name="AsText">Print string results as text.</param>
/// <param name="AsJson">Print a JSON object for each line.</param>
internal sealed record MapForm(bool Ordered, bool AsText, bool AsJson);
