using System.CommandLine;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Files;

/// <summary>The option for the folder where tasks' output files are saved, for commands that read results.</summary>
internal static class OutputOptions
{
    public static readonly Option<string?> Out = new("--out")
    {
        Description = "Folder for the files that the tasks wrote below out/",
        HelpName = "folder",
    };

    /// <summary>Saves a task's files before its result is printed.</summary>
    /// <exception cref="CommandFailure">The files can't be downloaded or written.</exception>
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
