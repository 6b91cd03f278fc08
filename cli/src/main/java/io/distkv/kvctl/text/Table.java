package io.distkv.kvctl.text;

import java.util.ArrayList;
import java.util.List;

/** A table for people: columns as wide as their widest cell, numbers to the right. */
public final class Table {
  private static final String GAP = "  ";

  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... head) {
    this.head = List.of(head);
  }

  /** Adds a row with as many cells as the table has columns. */
  public Table row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + head.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The lines of the table, head first. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line(head));
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String padding = " ".repeat(width(column) - length(cells.get(column)));
      if (column > 0) {
        line.append(GAP);
      }
      line.append(isNumeric(column) ? padding : "").append(cells.get(column));
      line.append(isNumeric(column) ? "" : padding);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    int width = length(head.get(column));
    for (List<String> row : rows) {
      width = Math.max(width, length(row.get(column)));
    }
    return width;
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty()
        && rows.stream().allMatch(row -> row.get(column).matches("-?[0-9][0-9.,]*|-"));
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
