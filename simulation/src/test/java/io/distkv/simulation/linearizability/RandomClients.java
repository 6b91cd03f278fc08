package io.distkv.simulation.linearizability;

import io.distkv.simulation.world.SimulatedRandomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Clients of one key that is as it should be: each operation takes effect at one moment, before and
 * after which time passes for it while others go on. What they are told can be spoilt.
 */
final class RandomClients {
  /** What clients are like; shares are percents, and reads have what is left. */
  record Habits(
      int operations,
      int clients,
      int writes,
      int swaps,
      int additions,
      int deletions,
      int unknown,
      int failed,
      int values) {}

  private final SimulatedRandomness random;
  private final Habits habits;
  private final History history = new History();
  private final List<Client> clients = new ArrayList<>();
  private final List<@Nullable String> values = new ArrayList<>();
  private @Nullable String value;
  private long nowNanos;
  private int begun;
  private int processes;
  private int spoilFrom = Integer.MAX_VALUE;

  private static final class Client {
    int process;
    @Nullable Operation operation;
    @Nullable Answer answer;
    boolean refused;
  }

  RandomClients(long seed, Habits habits) {
    this.random = new SimulatedRandomness(seed);
    this.habits = habits;
    for (int i = 0; i < habits.clients; i++) {
      Client client = new Client();
      client.process = processes++;
      clients.add(client);
    }
    values.add(null);
  }

  /** Spoils one answer, of an operation that begins when so many have begun. */
  RandomClients spoilFrom(int operation) {
    spoilFrom = operation;
    return this;
  }

  History run() {
    while (begun < habits.operations || clients.stream().anyMatch(c -> c.operation != null)) {
      Client client = clients.get(random.below(clients.size()));
      nowNanos += random.below(3);
      if (client.operation != null) {
        goOn(client, client.operation);
      } else if (begun < habits.operations) {
        begun++;
        client.operation = draw();
        history.invoke(client.process, "x", client.operation, nowNanos);
      }
    }
    return history;
  }

  private void goOn(Client client, Operation operation) {
    if (client.answer == null && !client.refused) {
      if (random.chance(habits.unknown)) {
        leave(client);
      } else if (random.chance(habits.failed)) {
        client.refused = true;
      } else {
        takeEffect(client, operation);
      }
    } else if (random.chance(habits.unknown)) {
      leave(client);
    } else if (client.answer == null) {
      history.fail(client.process, nowNanos);
      client.refused = false;
      client.operation = null;
    } else {
      history.ok(client.process, perhapsSpoilt(client.answer), nowNanos);
      client.answer = null;
      client.operation = null;
    }
  }

  private void leave(Client client) {
    history.info(client.process, nowNanos);
    client.process = processes++;
    client.operation = null;
    client.answer = null;
    client.refused = false;
  }

  private void takeEffect(Client client, Operation operation) {
    switch (operation) {
      case Operation.Read() -> client.answer = new Answer.Value(value);
      case Operation.Write(String written) -> {
        value = written;
        client.answer = new Answer.Done();
      }
      case Operation.Delete() -> {
        value = null;
        client.answer = new Answer.Done();
      }
      case Operation.Add(long amount) -> {
        long sum = (value == null ? 0 : Long.parseLong(value)) + amount;
        value = Long.toString(sum);
        client.answer = new Answer.Sum(sum);
      }
      case Operation.CompareAndSet(@Nullable String expected, @Nullable String update) -> {
        boolean swaps = Objects.equals(expected, value);
        value = swaps ? update : value;
        client.answer = new Answer.Swapped(swaps);
      }
    }
    values.add(value);
  }

  private Operation draw() {
    int dice = random.below(100);
    if ((dice -= habits.writes) < 0) {
      return new Operation.Write(drawValue());
    }
    if ((dice -= habits.swaps) < 0) {
      return new Operation.CompareAndSet(
          random.chance(70) ? value : random.chance(50) ? null : drawValue(),
          random.chance(90) ? drawValue() : null);
    }
    if ((dice -= habits.additions) < 0) {
      return new Operation.Add(1 + random.below(2));
    }
    return dice < habits.deletions ? new Operation.Delete() : new Operation.Read();
  }

  /** One of few values, or if there is no bound, a new one. */
  private String drawValue() {
    return Integer.toString(habits.values > 0 ? random.below(habits.values) : 1000 + begun);
  }

  private Answer perhapsSpoilt(Answer answer) {
    if (begun < spoilFrom || answer instanceof Answer.Done) {
      return answer;
    }
    spoilFrom = Integer.MAX_VALUE;
    return switch (answer) {
      case Answer.Value _ ->
          new Answer.Value(values.get(Math.max(0, values.size() - 1 - random.below(30))));
      case Answer.Sum(long sum) -> new Answer.Sum(sum + 1);
      case Answer.Swapped(boolean swapped) -> new Answer.Swapped(!swapped);
      case Answer.Done done -> done;
    };
  }
}
