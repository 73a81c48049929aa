using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Storage.Sqlite.Maintenance;

namespace Weft.Cli.Store;

/// <summary><c>weft backup</c> and <c>weft restore</c>: copy a store to one file, and back.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The file to write; it must not exist yet" };
        const string Description = "Back up a store to one file, and check the file. The coordinator may be running.";
        return new Command("backup", Description) { file }.OnStore((flags, data) =>
        {
            var name = flags.GetRequiredValue(file);
            var found = SqliteBackup.Create(data, name);
            var size = Counted.Of(new FileInfo(name).Length, "byte");
            Console.Out.WriteLine($"{name}: {Counted.Of(found.Tasks, "task")}, {size}, checked.{Older.Of(found)}");
        }).WithExamples("weft backup backup.db", "weft backup backup.db --data weft-data");
    }

    public static Command CreateRestore()
    {
        var file = new Argument<string>("file") { Description = "A file written by 'weft backup'" };
        const string Description = "Restore a backup into a folder that is empty or doesn't exist.";
        return new Command("restore", Description) { file }.OnStore((flags, data) =>
        {
            var found = SqliteBackup.Restore(flags.GetRequiredValue(file), data);
            Console.Out.WriteLine(
                $"{data}: {Counted.Of(found.Tasks, "task")} restored.{Older.Of(found)} Start with: " +
                $"weft serve --data {data}");
        }, makesFolder: true).WithExamples("weft restore backup.db --data restored");
    }
}
