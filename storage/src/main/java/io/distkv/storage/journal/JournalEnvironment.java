package io.distkv.storage.journal;

import io.distkv.base.Disk;
import io.distkv.base.Lane;
import io.distkv.base.Randomness;
import io.distkv.base.Workers;

/**
 * The world a journal runs in.
 *
 * @param disk where its files are
 * @param directory the journal's own; created where missing
 * @param journalId which journal it is: kept in every segment, so that another journal's files are
 *     not taken for its own
 * @param lane whose journal it is
 * @param sync one worker that does its tasks in order; all appended bytes are written there
 * @param background where segments are prepared ahead of use
 * @param randomness used only on the lane, and by {@link Journal#open}
 */
public record JournalEnvironment(
    Disk disk,
    String directory,
    long journalId,
    Lane lane,
    Workers sync,
    Workers background,
    Randomness randomness) {}
