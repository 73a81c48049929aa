using System.Collections.Concurrent;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// While the command waits for tasks of a queue: reports once that the queue has no suitable worker, or is paused.
/// </summary>
/// <param name="say">Prints a human-readable line.</param>
internal sealed class IdleHint(RemoteApi api, Action<string> say, TimeProvider time)
{
    // A connected worker takes a task within a second or two.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // The tasks awaited in a queue, and whether the hint was printed.
    private readonly ConcurrentDictionary<string, (bool HasModule, bool WasSaid)> _queues = new();

    /// <summary>Starts to check every few seconds.</summary>
    public static IdleHint Watch(RemoteApi api, Action<string> say, CancellationToken stop)
    {
        var hint = new IdleHint(api, say, TimeProvider.System);
        _ = hint.RunAsync(stop);
        return hint;
    }

    /// <summary>The command waits for a task of this queue.</summary>
    /// <param name="hasModule">Whether the task names a module.</param>
    public void Note(string queue, bool hasModule) => _queues.TryAdd(queue, (hasModule, WasSaid: false));

    private async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (_queues.Values.All(static queue => queue.WasSaid)) continue;
                foreach (var queue in await ReadAsync(stop))
                {
                    if (_queues.TryGetValue(queue.Name, out var noted) && !noted.WasSaid)
                    {
                        Look(queue, noted.HasModule || queue.Module is not null);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or RefusedFailure)
        {
            // The command is ending, or the token may not list queues.
        }
    }

    private async Task<IReadOnlyList<Queue>> ReadAsync(CancellationToken stop)
    {
        try
        {
            return await api.AskAsync(() => api.Client.ListQueuesAsync(stop));
        }
        catch (CommandFailure failure) when (failure is not RefusedFailure)
        {
            // The code that waits for results reports an unavailable coordinator.
            return [];
        }
    }

    private void Look(Queue queue, bool hasModule)
    {
        var name = queue.Name;
        var page = $"{api.Url}worker/?queue={name}";
        var waiting = Counted.Of(queue.Unserved, "task");
        if (queue is { Paused: true, Counts.Ready: > 0 })
        {
            Say(name, $"weft: Queue {name} is paused: its tasks are not handed out. To resume it: weft queues " +
                $"resume {name}");
        }
        else if (queue.Unserved > 0 && hasModule)
        {
            Say(name, $"weft: No worker on queue {name} runs modules; {waiting} waiting. Open {page} in a browser.");
        }
        else if (queue is { Unserved: > 0, Workers: 0 })
        {
            Say(name, $"weft: No worker serves queue {name}; {waiting} waiting. Start one: weft worker --queue " +
                $"{name} --exec 'COMMAND', or, for tasks with a module, open {page} in " +
                "a browser.");
        }
        else if (queue.Unserved > 0)
        {
            Say(name, $"weft: No worker on queue {name} has the capabilities required by {waiting} (--requires). " +
                $"Start one that does: weft worker --queue {name} --capability LABEL --exec 'COMMAND'.");
        }
    }

    private void Say(string queue, string line)
    {
        _queues[queue] = (default, WasSaid: true);
        say(line);
    }
}
