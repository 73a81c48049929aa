using System.CommandLine;
using Weft.Core.Storage;
using Weft.Serve;

namespace Weft.Cli.Store;

/// <summary>What the commands share that work on a data folder itself, with a coordinator at work there or without.</summary>
internal static class StoreCommand
{
    /// <summary>Gives a command <c>--data</c>, as <c>weft serve</c> has it, and what it does with that folder.</summary>
    public static Command OnStore(this Command command, Action<ParseResult, string> run)
    {
        command.Options.Add(ServeSettings.Data.Option);
        command.SetAction(flags =>
        {
            var options = new ServeOptions();
            var file = ServeSettings.ReadFile(ServeSettings.FileName);
            ServeSettings.Data.Apply(flags, Environment.GetEnvironmentVariable, file, options);
            ServeSettings.Store.Apply(flags, Environment.GetEnvironmentVariable, file, options);
            if (options.Store is not null && options.Data == ServeOptions.DataDefault)
            {
                throw new CommandFailure("The store is in PostgreSQL, whose own tools back it up and check it (docs/operations.md); --data names a folder.");
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
