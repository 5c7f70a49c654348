/// The names that come along.
public enum NameList {
    /// All 5,163 of them, sorted: lower-case letters a to z, 2 to 11 each.
    public static let all: [String] = text.split(separator: "\n").map(String.init)
}
