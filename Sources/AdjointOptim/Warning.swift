import CAdjoint

/// What a user should know, though the program goes on.
enum Warning {
    /// Takes warnings in place of the standard error stream.
    @TaskLocal static var sink: (@Sendable (String) -> Void)?

    static func show(_ text: String) {
        if let sink { sink(text) } else { adj_warn(text) }
    }
}
