import Foundation

/// Which call has which number: first those that failed once, then every function in turn.
struct MistakePlan {
    let calls: [MistakeCall]
    private let kept: [(seed: UInt64, draw: Int, call: Int)]
    private let seed: UInt64
    private let folder: String

    init(_ options: Options, folder: String) throws {
        let wanted = Array(options.names.dropFirst())
        let all = MistakeTable.all
        let saboteurs = MistakeTable.saboteurs.filter { wanted.contains($0.name) }
        let exact = all.filter { wanted.contains($0.name) } + saboteurs
        calls =
            wanted.isEmpty
            ? all
            : exact.isEmpty
                ? all.filter { call in wanted.contains { call.name.contains($0) } } : exact
        if calls.isEmpty {
            throw Failure("no public function has \(wanted.joined(separator: " or ")) in its name")
        }
        let places = Dictionary(
            all.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        kept =
            wanted.isEmpty
            ? MistakeTable.failed.compactMap { seed, draw, name in
                places[name].map { (seed, draw, $0) }
            } : []
        self.seed = options.seed
        self.folder = folder
    }

    /// Which function is called by this number.
    func function(_ number: Int) -> Int {
        number < kept.count ? kept[number].call : (number - kept.count) % calls.count
    }

    func attempt(_ number: Int) -> MistakeAttempt {
        let call = calls[function(number)]
        return number < kept.count
            ? MistakeAttempt(
                call: call, seed: kept[number].seed, number: kept[number].draw, folder: folder)
            : MistakeAttempt(
                call: call, seed: seed, number: (number - kept.count) / calls.count, folder: folder)
    }
}
