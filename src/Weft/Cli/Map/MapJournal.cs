using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Weft.CommandLine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Cli.Map;

/// <summary>
/// The data with which the same <c>weft map</c> command can continue a run: its group, and the number of lines in each
/// of its batches. With these, the same lines make the same requests, and the coordinator recognizes them by their
/// keys. A text file: the group's id and name, then a line for each batch, written before the batch is sent.
/// </summary>
internal sealed class MapJournal : IDisposable
{
    /// <summary>Maximum lines in one batch.</summary>
    public const int BatchLinesMax = 1_000;

    private readonly FileStream _file;
    private long _announcedAt;

    private MapJournal(FileStream file) => _file = file;

    /// <summary>Null if there is no run to continue.</summary>
    public (long Id, string Name)? Group { get; private set; }

    /// <summary>Lines in each batch of the interrupted run.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>Opens the journal of a command.</summary>
    /// <param name="command">The text that identifies the command.</param>
    /// <exception cref="CommandFailure">The command is already running, or the file can't be written.</exception>
    public static MapJournal Open(string command)
    {
        var path =
            Path.Combine(Folder(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(command)))[..16]);
        try
        {
            Directory.CreateDirectory(Folder());
            // Open exclusively. Unbuffered, so that a write error is reported by the write itself and not again at the
            // end.
            var journal =
                new MapJournal(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
            journal.Read();
            return journal;
        }
        catch (IOException exception) when (FileErrors.IsHeld(exception))
        {
            throw new CommandFailure("The same command is already running. To start another run of it: --run NAME.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The journal {path} can't be written: {exception.Message}");
        }
        catch (FormatException)
        {
            throw new CommandFailure($"{path} is damaged. Delete it to start over.");
        }
    }

    /// <summary>Discards the previous run.</summary>
    public void Forget()
    {
        Group = null;
        Batches.Clear();
        _file.SetLength(0);
    }

    /// <summary>Discards the previous run and starts one with a new group.</summary>
    public void Begin(long id, string name)
    {
        Forget();
        Group = (id, name);
        Write($"{id} {name}\n");
    }

    /// <summary>Records a batch that is about to be sent.</summary>
    public void Announce(int lines)
    {
        _announcedAt = _file.Length;
        Write($"{lines}\n");
    }

    /// <summary>Removes the last recorded batch, of which nothing was stored.</summary>
    public void Withdraw()
    {
        try
        {
            _file.SetLength(_announcedAt);
            _file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }
    }

    /// <summary>Ends the run: the same command starts a new one.</summary>
    public void Delete() => File.Delete(_file.Name);

    public void Dispose() => _file.Dispose();

    private static string Folder() => Path.Combine(StateFolder.Path(), "map");

    private void Read()
    {
        var text = new byte[_file.Length];
        _file.ReadExactly(text);
        // A last line without a newline was being written when the run was interrupted: its batch was never sent.
        var whole = text.AsSpan().LastIndexOf((byte)'\n') + 1;
        _file.SetLength(whole);
        var lines = Encoding.UTF8.GetString(text, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0) return;
        if (lines[0].Split(' ') is not [var id, var name]
            || !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var group))
        {
            throw new FormatException();
        }
        Group = (group, name);
        _announcedAt = text.AsSpan(0, whole - 1).LastIndexOf((byte)'\n') + 1;
        foreach (var line in lines.Skip(1))
        {
            if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count is < 1 or > BatchLinesMax)
            {
                throw new FormatException();
            }
            Batches.Add(count);
        }
    }

    private void Write(FormattableString line)
    {
        try
        {
            _file.Seek(0, SeekOrigin.End);
            _file.Write(Encoding.UTF8.GetBytes(FormattableString.Invariant(line)));
            // Must survive a power cut: a batch missing from the journal would look like a different input.
            _file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }
    }

    private CommandFailure Unwritable(Exception exception) =>
        new($"The journal {_file.Name} can't be written: {exception.Message}");
}
