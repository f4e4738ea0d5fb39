module.exports = (hour) => Array(hour).fill("dong").join(" ");
