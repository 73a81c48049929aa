namespace Weft.Demo;

/// <summary>A new folder in the system's temporary folder, deleted with its contents at the end.</summary>
internal sealed class DemoFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("weft-demo-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
