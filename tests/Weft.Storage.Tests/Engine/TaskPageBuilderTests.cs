using Microsoft.Extensions.Time.Testing;
using Weft.Core;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Tests.Engine;

public sealed class TaskPageBuilderTests
{
    [Theory]
    [InlineData(19, Limits.ListScanMax)]
    [InlineData(21, Limits.ListTimedEach + 1)]
    public void APage_EndsEarly_WhereItsRowsTakeLong_AndSaysWhereToGoOn(int milliseconds, int scanned)
    {
        var time = new FakeTimeProvider();
        // None matches, so that no more of a row is read than its state.
        var page = new TaskPageBuilder(new(TaskState.Dead), limit: 100, time);
        for (var id = 1; id <= page.ScanMax && !page.IsFull; id++)
        {
            page.Add(new Row(id), lane: null!);
            if (id == 1) time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.Equal((scanned, new TaskId(scanned)), (page.Page.Scanned, page.Page.Next));
    }

    private readonly struct Row(long id) : IRow
    {
        public bool IsNull(int column) => throw new NotSupportedException();

        public short Short(int column) => (short)TaskState.Ready;

        public int Int(int column) => throw new NotSupportedException();

        public long Long(int column) => id;

        public double Double(int column) => throw new NotSupportedException();

        public string Text(int column) => throw new NotSupportedException();

        public bool Bool(int column) => throw new NotSupportedException();

        public byte[] Bytes(int column) => throw new NotSupportedException();
    }
}
