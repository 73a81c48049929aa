using System.Text;
using Weft.Core;
using Weft.Core.Modules;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// Stores the files that a module wrote below <c>out</c> in the task's own folder. Their names come from the module's
/// process, and are trusted no more than the module.
/// </summary>
internal sealed class ModuleFiles(string folder, long bytesMax) : IDisposable
{
    private FileStream? _file;
    private long _bytes;
    private int _count;

    /// <summary>False: a name is not allowed, or there are too many files or bytes.</summary>
    public bool Take(ModuleAnswer kind, byte[] body)
    {
        if (kind == ModuleAnswer.File) return TryBegin(Encoding.UTF8.GetString(body));
        _bytes += body.Length;
        if (_file is null || _bytes > bytesMax) return false;
        _file.Write(body);
        return true;
    }

    public void Dispose() => _file?.Dispose();

    private bool TryBegin(string path)
    {
        // One more than allowed, so that the check that counts them reports it.
        if (++_count > Limits.OutputsMax + 1 || FilePath.FindOutputFault(path) is not null) return false;
        _file?.Dispose();
        var place = Path.Combine(folder, FilePath.Out, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        _file = new(place, FileMode.CreateNew, FileAccess.Write);
        return true;
    }
}
