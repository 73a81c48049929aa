using System.CommandLine;
using Weft.CommandLine;
using Weft.Core.Storage;
using Weft.Serve;

namespace Weft.Cli.Store;

/// <summary>What the commands that use a data folder directly share. A coordinator may be running on it.</summary>
internal static class StoreCommand
{
    /// <summary>Gives a command <c>--data</c>, as for <c>weft serve</c>, and its action.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">Its action.</param>
    /// <param name="makesFolder">Whether the folder may be missing.</param>
    public static Command OnStore(this Command command, Action<ParseResult, string> run, bool makesFolder = false)
    {
        var setting = makesFolder ? ServeSettings.Data : ServeSettings.DataThere;
        command.Options.Add(setting.Option);
        command.SetAction(flags =>
        {
            var options = new ServeOptions();
            var file = ServeSettings.ReadFile(ServeSettings.FileName);
            setting.Apply(flags, Environment.GetEnvironmentVariable, file, options);
            ServeSettings.Store.Apply(flags, Environment.GetEnvironmentVariable, file, options);
            if (options.Store is not null && options.Data == ServeOptions.DataDefault)
            {
                throw new CommandFailure(
                    "The store is in PostgreSQL: use PostgreSQL's own tools (docs/operations.md), or give a data " +
                    "folder with --data.");
            }

            if (file.TryGetValue(setting.Name, out var named) && named == options.Data
                && flags.GetResult(setting.Option) is null or { Implicit: true })
            {
                Console.Error.WriteLine(
                    $"weft: Using the data folder {named}, from {Path.GetFullPath(ServeSettings.FileName)}.");
            }

            try
            {
                run(flags, options.Data);
                return ExitCode.Ok;
            }
            catch (StoreException exception)
            {
                throw new CommandFailure(exception.Message);
            }
        });
        return command;
    }
}
