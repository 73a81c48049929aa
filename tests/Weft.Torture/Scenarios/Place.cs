namespace Weft.Torture.Scenarios;

/// <summary>A folder for one store and what belongs to it, gone afterwards.</summary>
internal sealed class Place : IDisposable
{
    private readonly string _folder;

    public Place(string folder)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N")[..12])).FullName;
    }

    public string Folder => _folder;

    public string Data => Path.Combine(_folder, "data");

    public string Control => Path.Combine(_folder, "control");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
