using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Tests.Sqlite;

public sealed partial class FileHoldTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void TryTake_WhatAnotherHandleHolds_IsFalse()
    {
        using var first = Open();
        using var second = Open();
        Assert.True(FileHold.TryTake(first));
        Assert.False(FileHold.TryTake(second));
    }

    [Fact]
    public void Release_AlsoWhereAChildHasACopyOfTheHandle_LetsOthersTakeIt()
    {
        using var first = Open();
        using var second = Open();
        Assert.True(FileHold.TryTake(first));
        using var childs = new SafeFileHandle(Duplicate(first), ownsHandle: true);
        FileHold.Release(first);
        first.Dispose();
        Assert.True(FileHold.TryTake(second));
    }

    public void Dispose() => File.Delete(_path);

    private SafeFileHandle Open() => File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(SafeFileHandle file);
}
