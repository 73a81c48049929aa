using System.CommandLine;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Files;

/// <summary>
/// Where the files that tasks have written are saved, as an option of the commands that read results.
/// </summary>
internal static class OutputOptions
{
    public static readonly Option<string?> Out = new("--out")
    {
        Description = "Folder for the files that the tasks wrote below out/",
        HelpName = "folder",
    };

    /// <summary>Saves the files of a task, before its result is told.</summary>
    /// <exception cref="CommandFailure">They can't be had, or written.</exception>
    public static async Task SaveAsync(
        RemoteApi api, IReadOnlyList<TaskOutput>? outputs, string folder, CancellationToken stop)
    {
        if (outputs is not { Count: > 0 }) return;
        try
        {
            await api.AskAsync(async () =>
            {
                await api.Client.SaveOutputsAsync(outputs, folder, stop);
                return true;
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The files of the task can't be saved: {OneLine.Of(exception.Message)}");
        }
    }
}
