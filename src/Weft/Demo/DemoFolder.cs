namespace Weft.Demo;

/// <summary>A new folder below the system's temporary one, which goes with all that is in it.</summary>
internal sealed class DemoFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("weft-demo-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
