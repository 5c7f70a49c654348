import Testing

@testable import AdjointTrace

struct NumberTableTests {
    @Test func numbersAreFoundWhereverTheyWerePut() {
        var table = NumberTable<UInt32, Int>()
        table[70_000] = 1
        // Below the first, far beyond the last, and near enough for a page.
        table[3] = 2
        table[1_000_000] = 3
        table[70_001] = 4
        table[72_000] = 5
        #expect([70_000, 3, 1_000_000, 70_001, 72_000].map { table[$0] } == [1, 2, 3, 4, 5])
        #expect(table[71_000] == nil && table[4] == nil && table[.max] == nil)
    }

    @Test func whatWasFarIsFoundWhenPagesHaveGrownPastIt() {
        var table = NumberTable<UInt64, Int>()
        table[0] = 0
        table[500_000] = 1
        for key in stride(from: UInt64(100_000), through: 900_000, by: 100_000)
        where key != 500_000 {
            table[key] = Int(key)
        }
        #expect(table[500_000] == 1)
        table[500_000]! += 1
        #expect(table[500_000] == 2 && table[500_001] == nil)
        table[500_000] = nil
        #expect(table[500_000] == nil && table[900_000] == 900_000)
    }
}
