using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft cancel</c> and <c>weft retry</c> for tasks by their ids.</summary>
internal static class TaskVerbCommand
{
    /// <param name="verb">As in the API's path.</param>
    public static async Task<int> RunAsync(string verb, long[] ids, bool json, RemoteApi api, CancellationToken stop)
    {
        var exitCode = ExitCode.Ok;
        foreach (var id in ids)
        {
            try
            {
                var task = await api.PostAsync($"tasks/{id}/{verb}", WireJson.Default.TaskInfo, stop);
                if (json) JsonOutput.Print(task, WireJson.Default.TaskInfo);
                else Console.Out.WriteLine($"Task {task.Id} is {task.State}.");
            }
            catch (CommandFailure failure)
            {
                // A failure on one id must not stop the rest.
                Console.Error.WriteLine($"weft: Task {id}: {failure.Message}");
                exitCode = ExitCode.Failed;
            }
        }

        return exitCode;
    }
}
