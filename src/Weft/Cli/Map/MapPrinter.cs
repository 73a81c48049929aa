using System.Text.Json;
using System.Threading.Channels;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>Prints the results in the order of the lines, each as soon as those before it are there.</summary>
/// <param name="group">The run's.</param>
/// <param name="asText">Results that are strings are printed as text.</param>
/// <param name="asJson">A whole object a line.</param>
/// <param name="say">Where lines go that people read.</param>
internal sealed class MapPrinter(RemoteApi api, RemotePatience patience, long group, MapOutput output, bool asText, bool asJson, Action<string> say)
{
    // What the coordinator holds back at most is 25 s.
    private const int WaitSeconds = 20;

    private string? _cursor;
    private long _lines;

    /// <summary>Lines whose task is dead or cancelled.</summary>
    public long Lost { get; private set; }

    /// <summary>Prints until all lines that are submitted have their result.</summary>
    /// <param name="ids">Their tasks, in order.</param>
    public async Task RunAsync(ChannelReader<long> ids, CancellationToken stop)
    {
        while (await ids.WaitToReadAsync(stop)) await patience.AskAsync(again => PrintSomeAsync(ids, again), stop);
    }

    /// <returns>How many lines are printed.</returns>
    private async Task<long> PrintSomeAsync(ChannelReader<long> ids, CancellationToken stop)
    {
        var path = $"groups/{group}/results?order=submitted&wait={WaitSeconds}{(_cursor is null ? "" : $"&after={_cursor}")}";
        await foreach (var result in api.GetLinesAsync(path, WireJson.Default.GroupResult, stop))
        {
            if (result.Id is not { } id) break;
            if (id != await ids.ReadAsync(stop)) throw new CommandFailure("The coordinator no longer has all of this run's tasks. --fresh starts over.");
            _cursor = result.Cursor;
            _lines++;
            Print(result, id);
        }

        return _lines;
    }

    private void Print(GroupResult result, long id)
    {
        if (result.Result is null)
        {
            Lost++;
            say($"weft: Line {_lines}: Task {id} is {result.State}{(result.Error is { } error ? $": {OneLine.Of(error)}" : ".")}");
        }

        output.WriteLine(
            asJson ? JsonSerializer.Serialize(new(_lines, id, result.State!, result.Result, result.Error), RemoteJson.Default.MapLine) :
            result.Result is { } value ? JsonText.Write(value, asText) : "null");
    }
}
