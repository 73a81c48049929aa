namespace Weft.Http.StaticFiles;

/// <summary>
/// The contents of small web files, shared by all requests for them. Otherwise each slow reader would hold a file open,
/// and a client with many of those would leave no descriptors for the database and for connections. A file that changes
/// is read again.
/// </summary>
internal sealed class WebFileCache
{
    /// <summary>Larger files aren't cached.</summary>
    public const int FileBytesMax = 4 << 20;

    /// <summary>For all cached files; more than the built-in pages need.</summary>
    public const long BytesMax = 32 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Content> _contents = new(StringComparer.Ordinal);
    private readonly LinkedList<Content> _byUse = [];
    private long _bytes;

    /// <summary>
    /// The file's bytes, to be disposed of; null: it is too large, or the files in use fill the cache.
    /// </summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public Stream? Open(FileInfo file)
    {
        if (file.Length > FileBytesMax) return null;
        lock (_gate)
        {
            if (_contents.TryGetValue(file.FullName, out var known) && known.IsOf(file)) return Use(known);
        }

        if (Read(file) is not { } bytes) return null;
        lock (_gate)
        {
            if (_contents.Remove(file.FullName, out var old)) Drop(old);
            MakeRoom(bytes.Length);
            if (_bytes + bytes.Length > BytesMax) return null;
            var content = new Content(file, bytes);
            _bytes += bytes.Length;
            _contents.Add(file.FullName, content);
            _byUse.AddLast(content.Place);
            return Use(content);
        }
    }

    // Null: its size has changed since it was looked up.
    private static byte[]? Read(FileInfo file)
    {
        using var handle = File.OpenHandle(file.FullName, share: FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        return RandomAccess.GetLength(handle) == bytes.Length && RandomAccess.Read(handle, bytes, 0) == bytes.Length
            && File.GetLastWriteTimeUtc(handle) == file.LastWriteTimeUtc ? bytes : null;
    }

    private Reader Use(Content content)
    {
        content.Users++;
        if (content.Place.List is not null)
        {
            _byUse.Remove(content.Place);
            _byUse.AddLast(content.Place);
        }

        return new Reader(this, content);
    }

    private void Leave(Content content)
    {
        lock (_gate)
        {
            content.Users--;
            if (content is { Users: 0, Place.List: null }) _bytes -= content.Bytes.Length;
        }
    }

    private void MakeRoom(long bytes)
    {
        for (var place = _byUse.First; place is not null && _bytes + bytes > BytesMax;)
        {
            var content = place.Value;
            place = place.Next;
            if (content.Users > 0) continue;
            _contents.Remove(content.Path);
            Drop(content);
        }
    }

    /// <summary>Removes it from the cache; its bytes count until its last reader has finished.</summary>
    private void Drop(Content content)
    {
        _byUse.Remove(content.Place);
        if (content.Users == 0) _bytes -= content.Bytes.Length;
    }

    private sealed class Content
    {
        private readonly DateTime _lastWrite;

        public Content(FileInfo file, byte[] bytes)
        {
            (Path, Bytes, _lastWrite) = (file.FullName, bytes, file.LastWriteTimeUtc);
            Place = new(this);
        }

        public string Path { get; }
        public byte[] Bytes { get; }
        public LinkedListNode<Content> Place { get; }
        public int Users { get; set; }

        public bool IsOf(FileInfo file) => file.Length == Bytes.Length && file.LastWriteTimeUtc == _lastWrite;
    }

    private sealed class Reader(WebFileCache cache, Content content) : MemoryStream(content.Bytes, writable: false)
    {
        private bool _left;

        protected override void Dispose(bool disposing)
        {
            if (!_left) cache.Leave(content);
            _left = true;
            base.Dispose(disposing);
        }
    }
}
