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

    [Fact]
    public void APieceThatIsReadAgain_CountsOnce()
    {
        var page = new TaskPageBuilder(new(TaskState.Dead), limit: 100, new FakeTimeProvider());
        Add(1, 3);
        Assert.True(page.EndPiece(asked: 3));
        // The connection breaks after a row of the next piece.
        Add(4, 4);
        page.Again();
        Assert.Equal(new TaskId(3), page.Last);
        Add(4, 5);
        Assert.False(page.EndPiece(asked: 3));
        Assert.Equal((5, null), (page.Page.Scanned, page.Page.Next));

        void Add(int from, int to)
        {
            for (var id = from; id <= to; id++) page.Add(new Row(id), lane: null!);
        }
    }

    [Fact]
    public void APage_OfPieces_EndsEarly_BetweenThem()
    {
        var time = new FakeTimeProvider();
        var page = new TaskPageBuilder(new(TaskState.Dead), limit: 100, time);
        for (var id = 1; id <= 10; id++) page.Add(new Row(id), lane: null!);
        time.Advance(Limits.ListTimeMax);
        Assert.True(page.EndPiece(asked: 10));
        for (var id = 11; id <= 20; id++) page.Add(new Row(id), lane: null!);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(page.EndPiece(asked: 10));
        Assert.Equal((20, new TaskId(20)), (page.Page.Scanned, page.Page.Next));
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

        public long BytesCount(int column) => throw new NotSupportedException();

        public int Copy(int column, byte[] into) => throw new NotSupportedException();
    }
}
