using System.CommandLine;
using Weft.Storage.Sqlite.Care;

namespace Weft.Cli.Store;

/// <summary><c>weft backup</c> and <c>weft restore</c>: a store to one file, and back.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The file to write; it must not exist yet" };
        return new Command("backup", "Write all of a store to one file, as it is at this moment, and check it. The coordinator may be at work.") { file }.OnStore((flags, data) =>
        {
            var name = flags.GetRequiredValue(file);
            var found = SqliteBackup.Create(data, name);
            Console.Out.WriteLine($"{name}: {found.Tasks} tasks, {new FileInfo(name).Length} bytes, checked.");
        });
    }

    public static Command CreateRestore()
    {
        var file = new Argument<string>("file") { Description = "A file that 'weft backup' has written" };
        return new Command("restore", "Make a store of a backup, in a folder that is empty or doesn't exist.") { file }.OnStore((flags, data) =>
        {
            var found = SqliteBackup.Restore(flags.GetRequiredValue(file), data);
            Console.Out.WriteLine($"{data}: {found.Tasks} tasks restored. Start with: weft serve --data {data}");
        });
    }
}
