namespace Weft.Storage.Engine;

/// <summary>
/// The statements of an engine behind a network, each about many rows at once. Those that lock do it in the order of
/// ids, so that no two transactions wait for each other; tasks are read as <see cref="LockedTask.Columns"/>.
/// </summary>
internal abstract class RemoteSql : EngineSql
{
    public abstract string Begin { get; }
    public abstract string Commit { get; }

    /// <summary>Lets the commit of this transaction wait neither for the disk nor for the standby.</summary>
    public abstract string CommitWithoutSync { get; }

    /// <summary>Waits at the commit for the standby, though nothing else is written.</summary>
    public abstract string ReplicationBarrier { get; }

    /// <summary>The time, and whether anybody owns tasks.</summary>
    public abstract string SelectNow { get; }

    /// <summary>
    /// The same, the newest lane, the queues that are paused, whether queues have modules, and webhooks' rules.
    /// </summary>
    public abstract string SelectStart { get; }

    /// <summary>Tasks $1.</summary>
    public abstract string LockTasks { get; }

    /// <summary>Counts which of the tasks $1 are leased with the tokens $2 until $3.</summary>
    public abstract string LockRemembered { get; }

    /// <summary>Ready tasks of each lane of $1, at most as $2 says of each, in the order in which they are claimed.
    /// What another transaction is claiming is passed over, as in the next three.</summary>
    public abstract string LockReady { get; }

    /// <summary>The same, with the number of the task's files behind its columns.</summary>
    public abstract string LockReadyWithFiles { get; }

    /// <summary>
    /// Of the first $4 checks in each lane of $1 behind priority $2 and id $3, those that the worker $5 of the network
    /// $6, or any, may have; $7 is 1 if it is trusted; at most $8.
    /// </summary>
    public abstract string LockReadyChecks { get; }

    /// <summary>Lane, priority and id of the last of those first, where there are so many.</summary>
    public abstract string SelectChecksEnds { get; }

    /// <summary>What time moves on, at most $1.</summary>
    public abstract string LockDue { get; }

    /// <summary>Tasks of the lanes $1 that wait, at most $2.</summary>
    public abstract string LockWaitingInQueue { get; }

    /// <summary>Tasks of the group $1 after $2, at most $3.</summary>
    public abstract string LockGroupMembers { get; }

    /// <summary>
    /// Tasks that finished $1 milliseconds ago, in a group that isn't done $3; at most $2, and so many bytes as one
    /// transaction may delete.
    /// </summary>
    public abstract string LockFinishedBefore { get; }

    /// <summary>The tasks that the checks $1 are of, and the checks of the tasks $1 that are not done.</summary>
    public abstract string LockFamilies { get; }

    /// <summary>Task and check, of those of the tasks $1 that are not done.</summary>
    public abstract string SelectOpenChecks { get; }

    /// <summary>Makes those who hold the copies $1 of adaptive tasks known, if they aren't.</summary>
    public abstract string InsertStandings { get; }

    /// <summary>What is known of those who hold the copies $1, or have answered their tasks.</summary>
    public abstract string LockStandings { get; }

    /// <summary>Until the commit, nobody else hands tasks to the workers $1 that are paced.</summary>
    public abstract string LockPaces { get; }

    /// <summary>$1 numbers of new tasks.</summary>
    public abstract string TakeTaskIds { get; }

    /// <summary>Key, fingerprint and tasks of the idempotency keys $1.</summary>
    public abstract string SelectKeys { get; }

    /// <summary>
    /// Whether payloads are JSON ($1), their bytes, owners, and the places of their keys, from 1; in the other two the
    /// keys and their fingerprints; in the last what tasks run; then <see cref="TaskRow.NewColumns"/>. Gives the tasks'
    /// numbers, in that order.
    /// </summary>
    public abstract string InsertTasks { get; }
    public abstract string InsertTasksWithKeysAndOwners { get; }
    public abstract string InsertTasksWithModules { get; }
    public abstract string InsertCheckRow { get; }
    public abstract string UpdateTasks { get; }
    public abstract string UpdatePriorities { get; }
    public abstract string DeleteTasks { get; }

    // What belongs to tasks $1.
    public abstract string InsertResults { get; }
    public abstract string UpsertCheckpoints { get; }
    public abstract string UpsertErrors { get; }
    public abstract string UpsertAttempts { get; }
    public abstract string DeleteAttempts { get; }
    public abstract string SelectPayloads { get; }
    public abstract string SelectCheckpoints { get; }
    public abstract string SelectResults { get; }
    public abstract string SelectTaskModules { get; }

    // Lanes, with their counts by state, to which the shard $1 adds.
    public abstract string LockLanes { get; }
    public abstract string InsertLanes { get; }
    public abstract string SelectLanesAfter { get; }
    public abstract string SelectLanesInUse { get; }
    public abstract string SelectReadyInQueue { get; }
    public abstract string AddToCounts { get; }

    // Groups. Whoever finishes tasks in one, or counts an owner's, is alone with that until the commit.
    public abstract string LockGroups { get; }
    public abstract string SelectGroupsThatExist { get; }
    public abstract string InsertGroup { get; }
    public abstract string LockGroupsOfOwner { get; }
    public abstract string CountGroupsOfOwner { get; }
    public abstract string LockEmptyGroups { get; }
    public abstract string DeleteEmptyGroups { get; }
    public abstract string AddToGroupCounts { get; }

    // Owners: who brings so much that it may fill the owner's room is alone with that until the commit.
    public abstract string LockOwners { get; }
    public abstract string SelectOwnerCounts { get; }
    public abstract string AddToOwnerCounts { get; }

    /// <summary>Counts anew what the tasks $2 hold besides payload and result, for the shard $1.</summary>
    public abstract string CountKept { get; }

    /// <summary>Deletes what is kept of tokens that are gone and have nothing any more.</summary>
    public abstract string DeleteIdleOwners { get; }

    // Modules: whoever names one shares a lock that whoever changes them has alone.
    public abstract string ShareModules { get; }
    public abstract string LockModules { get; }
    public abstract string SelectModuleKeys { get; }
    public abstract string SelectModulesOf { get; }
    public abstract string SelectModulesOfQueues { get; }
    public abstract string DeleteAbandoned { get; }
    public abstract string InsertUpload { get; }

    // Tokens: whoever adds some is alone with that until the commit.
    public abstract string LockTokens { get; }
    public abstract string DeleteExpiredTokens { get; }
}
