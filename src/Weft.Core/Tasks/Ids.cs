namespace Weft.Core.Tasks;

/// <summary>A task's number: ascending from 1, never reused by a store.</summary>
public readonly record struct TaskId(long Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A group's number: ascending from 1, never reused by a store.</summary>
public readonly record struct GroupId(long Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A bulk operation's number: ascending from 1, never reused by a store.</summary>
public readonly record struct BulkOperationId(long Value)
{
    public override string ToString() => Value.ToString();
}
