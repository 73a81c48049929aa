using System.Globalization;
using System.Runtime.InteropServices.JavaScript;
using Weft.Samples.MatrixMultiplication;

// main.js passes the coordinator's root and the milliseconds between two polls.
var coordinator = new Coordinator(new HttpClient { BaseAddress = new Uri(args[0]) });
var poll = TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture));
Form.Open(coordinator, poll);

/// <summary>The page's form: what is submitted, and what is told about it.</summary>
internal static partial class Form
{
    /// <summary>Each unfinished task is asked for at every poll: a bound on requests.</summary>
    private const int UnfinishedMax = 20;

    private static readonly SightingsToPage Sightings = new();
    private static Coordinator? _coordinator;
    private static ResultWatch? _watch;
    private static int _unfinished;

    public static void Open(Coordinator coordinator, TimeSpan poll)
    {
        _coordinator = coordinator;
        _watch = new ResultWatch(coordinator, poll, TimeProvider.System);
    }

    /// <summary>Submits two matrices; returns the task's id, or 0 after telling what is wrong.</summary>
    [JSExport]
    internal static async Task<int> Submit(string a, string b)
    {
        if (!Factors.TryRead(a, b, out var factors, out var wrong))
            return Refuse(wrong.Message, wrong.InA, wrong.InB);
        if (_unfinished >= UnfinishedMax)
            return Refuse($"{UnfinishedMax} tasks are still unfinished. Is a worker running?");

        try
        {
            var taskId = await _coordinator!.SubmitAsync(factors, CancellationToken.None);
            TellProblem("", isInA: false, isInB: false);
            return taskId;
        }
        catch (CoordinatorException refused) when (refused.NeedsToken)
        {
            TellNeedsToken(refused.Message);
            return 0;
        }
        catch (CoordinatorException refused)
        {
            return Refuse($"{refused.Message} Submit again to retry.");
        }
    }

    /// <summary>What a coordinator with tokens asks for; empty for none.</summary>
    [JSExport]
    internal static void SetToken(string token) => _coordinator!.Token = token.Length == 0 ? null : token;

    /// <summary>Tells each state of a submitted task; the promise settles when the task is finished.</summary>
    [JSExport]
    internal static async Task Follow(int taskId)
    {
        _unfinished++;
        await _watch!.FollowAsync(taskId, Sightings, CancellationToken.None);
        _unfinished--;
    }

    private static int Refuse(string why, bool isInA = false, bool isInB = false)
    {
        TellProblem(why, isInA, isInB);
        return 0;
    }

    [JSImport("tellProblem", "page")]
    internal static partial void TellProblem(string message, bool isInA, bool isInB);

    [JSImport("tellNeedsToken", "page")]
    internal static partial void TellNeedsToken(string message);

    [JSImport("tellSighting", "page")]
    internal static partial void TellSighting(int taskId, string state, string text, string product);

    // Not Progress<T>, which would queue each report instead of telling it at once.
    private sealed class SightingsToPage : IProgress<TaskSighting>
    {
        public void Report(TaskSighting value) =>
            TellSighting(value.TaskId, value.State.ToString(), value.Text, value.Product);
    }
}
