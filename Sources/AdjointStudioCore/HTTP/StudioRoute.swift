/// Where a request leads. The first parts of the path decide; the method must fit.
struct StudioRoute: Sendable {
    /// "GET" or "POST"; HEAD goes where GET goes.
    let method: String
    /// Parts of the path; "*" takes any one part, and "**" at the end any number of them.
    let pattern: [String]
    /// The parts that the stars took.
    let answer: @Sendable (StudioRequest, [String]) async throws -> StudioResponse

    init(
        _ method: String, _ pattern: String,
        _ answer: @escaping @Sendable (StudioRequest, [String]) async throws -> StudioResponse
    ) {
        self.method = method
        self.pattern = pattern.split(separator: "/").map(String.init)
        self.answer = answer
    }

    /// What the stars take of `segments`; nil where the path is another's.
    func match(_ segments: [String]) -> [String]? {
        var taken: [String] = []
        for (index, part) in pattern.enumerated() {
            if part == "**" { return taken + segments[min(index, segments.count)...] }
            guard index < segments.count else { return nil }
            if part == "*" {
                taken.append(segments[index])
            } else if part != segments[index] {
                return nil
            }
        }
        return segments.count == pattern.count ? taken : nil
    }
}
